SELECT assets, storage_bytes FROM usage_totals WHERE organization_id = $1
