SELECT set_by, storage_bytes, assets, model_seconds FROM quotas WHERE organization_id = $1
