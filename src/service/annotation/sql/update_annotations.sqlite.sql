UPDATE annotations SET label_id = r.value ->> 'label_id', type = r.value ->> 'type',
  source = r.value ->> 'source', score = r.value ->> 'score', body = r.value ->> 'body',
  updated_at = $3, revision = r.value ->> 'revision'
FROM json_each($2) AS r
WHERE annotations.id = r.value ->> 'id' AND annotations.organization_id = $1
