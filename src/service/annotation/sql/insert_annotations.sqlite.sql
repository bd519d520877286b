INSERT INTO annotations (id, organization_id, project_id, asset_id, label_id, type, source, score,
                         body, created_by, created_at, updated_at, revision)
SELECT value ->> 'id', $2, $3, $1, value ->> 'label_id', value ->> 'type', value ->> 'source',
       value ->> 'score', value ->> 'body', value ->> 'created_by', $5, $5, value ->> 'revision'
FROM json_each($4)
