INSERT INTO operations (asset_id, revision, organization_id, id, target, body, source, actor_id,
                        created_at, hash, step, undoes, run)
SELECT $1, r.revision, $2, r.id, r.target, r.body, r.source, r.actor_id, r.created_at, r.hash,
       r.step, r.undoes, r.run
FROM json_to_recordset($3::json) AS r (
  revision bigint, id uuid, target uuid, body text, source text, actor_id uuid, created_at bigint,
  hash text, step uuid, undoes uuid, run uuid)
