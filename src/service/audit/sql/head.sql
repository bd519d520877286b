SELECT sequence, hash, at FROM audit_heads WHERE organization_id = $1
