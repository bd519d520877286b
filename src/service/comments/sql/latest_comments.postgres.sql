SELECT id, thread_id, created_by, created_at, edited_at, deleted_at, body, version, total
FROM (SELECT id, thread_id, created_by, created_at, edited_at, deleted_at, body, version,
             row_number() OVER (PARTITION BY thread_id ORDER BY created_at DESC, id DESC) AS place,
             count(*) OVER (PARTITION BY thread_id) AS total
      FROM comments
      WHERE organization_id = $1
        AND thread_id IN (SELECT value::uuid FROM json_array_elements_text($2::json) AS l(value))) AS ranked
WHERE place <= $3 ORDER BY thread_id, created_at, id
