DELETE FROM suggestions WHERE asset_id = $1 AND organization_id = $2 AND state = 'pending'
  AND substr(model_version, 1, length(CAST($3 AS TEXT))) = $3
