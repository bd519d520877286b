UPDATE audit_heads SET hash = $2 WHERE organization_id = $1
