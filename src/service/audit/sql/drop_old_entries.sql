DELETE FROM audit_before WHERE organization_id = $1
