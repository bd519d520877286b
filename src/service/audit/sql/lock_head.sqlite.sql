SELECT sequence, hash, at, watchers FROM audit_heads WHERE organization_id = $1
