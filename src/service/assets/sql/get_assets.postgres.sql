SELECT {asset_columns}
FROM assets
WHERE organization_id = $1 AND deleted_at IS NULL
  AND id IN (SELECT value::uuid FROM json_array_elements_text($2::json) AS t(value))
