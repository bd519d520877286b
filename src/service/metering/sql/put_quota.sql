INSERT INTO quotas (organization_id, set_by, storage_bytes, assets, model_seconds, updated_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (organization_id, set_by) DO UPDATE
SET storage_bytes = excluded.storage_bytes, assets = excluded.assets,
    model_seconds = excluded.model_seconds, updated_at = excluded.updated_at
