SELECT {asset_columns}
FROM assets WHERE id = $1 AND organization_id = $2 AND deleted_at IS NULL
