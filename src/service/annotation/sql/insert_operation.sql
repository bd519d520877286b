INSERT INTO operations (asset_id, revision, organization_id, id, target, body, source, actor_id,
                        created_at, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
