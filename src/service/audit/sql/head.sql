SELECT sequence, hash FROM audit_heads WHERE organization_id = $1
