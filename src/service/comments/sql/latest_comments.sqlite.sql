SELECT id, thread_id, created_by, created_at, edited_at, deleted_at, body, version, total
FROM (SELECT id, thread_id, created_by, created_at, edited_at, deleted_at, body, version,
             row_number() OVER (PARTITION BY thread_id ORDER BY created_at DESC, id DESC) AS place,
             count(*) OVER (PARTITION BY thread_id) AS total
      FROM comments
      WHERE organization_id = $1
        AND thread_id IN (SELECT value FROM json_each($2))) AS ranked
WHERE place <= $3 ORDER BY thread_id, created_at, id
