SELECT {asset_columns}
FROM assets
WHERE {asset_filter} AND (filename, rank) > ($15, $14)
ORDER BY filename, rank LIMIT $16 OFFSET $17
