SELECT {asset_columns}
FROM assets
WHERE {asset_filter} AND rank < $14
ORDER BY rank DESC LIMIT $15 OFFSET $16
