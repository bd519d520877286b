SELECT sequence, hash FROM audit_heads_before WHERE organization_id = $1 FOR UPDATE
