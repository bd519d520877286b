SELECT {asset_columns}
FROM assets WHERE organization_id = $1 AND id IN (SELECT value FROM json_each($2)) AND deleted_at IS NULL
