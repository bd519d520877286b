SELECT organization_id FROM audit_heads ORDER BY organization_id
