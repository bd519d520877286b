INSERT INTO embeddings (subject, model_version, kind, organization_id, project_id, asset_id, sequence,
                        content, asset_revision, picture_hash, vector, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (subject, model_version) DO UPDATE SET
  sequence = excluded.sequence, content = excluded.content,
  asset_revision = excluded.asset_revision, picture_hash = excluded.picture_hash,
  vector = excluded.vector, created_at = excluded.created_at
