UPDATE annotations SET label_id = r.label_id, type = r.type, source = r.source, score = r.score,
  body = r.body, updated_at = $3, revision = r.revision
FROM json_to_recordset($2::json) AS r (
  id uuid, label_id uuid, type text, source text, score double precision, body text,
  revision bigint)
WHERE annotations.id = r.id AND annotations.organization_id = $1
