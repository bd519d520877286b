SELECT hash FROM operations WHERE asset_id = $1 AND organization_id = $2 AND revision = $3
