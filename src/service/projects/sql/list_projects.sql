SELECT p.id, p.name, p.type, p.created_by, p.created_at, p.updated_at, p.revision,
       (SELECT COUNT(*) FROM assets a WHERE a.project_id = p.id AND a.deleted_at IS NULL) AS assets,
       CAST((SELECT COALESCE(SUM(a.annotation_count), 0) FROM assets a
             WHERE a.project_id = p.id AND a.deleted_at IS NULL) AS BIGINT) AS annotations,
       CAST((SELECT COALESCE(SUM(a.suggestion_count), 0) FROM assets a
             WHERE a.project_id = p.id AND a.deleted_at IS NULL) AS BIGINT) AS suggestions_pending
FROM projects p WHERE p.organization_id = $1 AND p.id < $2 AND p.deleted_at IS NULL
ORDER BY p.id DESC LIMIT $3
