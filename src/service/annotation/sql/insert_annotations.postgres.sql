INSERT INTO annotations (id, organization_id, project_id, asset_id, label_id, type, source, score,
                         body, created_by, created_at, updated_at, revision)
SELECT r.id, $2, $3, $1, r.label_id, r.type, r.source, r.score, r.body, r.created_by, $5, $5,
       r.revision
FROM json_to_recordset($4::json) AS r (
  id uuid, label_id uuid, type text, source text, score double precision, body text,
  created_by uuid, revision bigint)
