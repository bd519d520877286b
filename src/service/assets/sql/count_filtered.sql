SELECT COUNT(*) AS count FROM assets
WHERE {asset_filter}
