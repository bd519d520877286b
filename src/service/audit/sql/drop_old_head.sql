DELETE FROM audit_heads_before WHERE organization_id = $1
