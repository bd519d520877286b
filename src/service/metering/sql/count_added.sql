INSERT INTO usage_days (organization_id, day, assets_added, bytes_added) VALUES ($1, $2, $3, $4)
ON CONFLICT (organization_id, day) DO UPDATE
SET assets_added = usage_days.assets_added + excluded.assets_added,
    bytes_added = usage_days.bytes_added + excluded.bytes_added
