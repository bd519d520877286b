INSERT INTO usage_totals (organization_id, assets, storage_bytes) VALUES ($1, $2, $3)
ON CONFLICT (organization_id) DO UPDATE
SET assets = usage_totals.assets + excluded.assets,
    storage_bytes = usage_totals.storage_bytes + excluded.storage_bytes
RETURNING assets, storage_bytes
