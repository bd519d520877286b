INSERT INTO audit_heads (organization_id, sequence, hash) VALUES ($1, 1, '')
ON CONFLICT (organization_id) DO UPDATE SET sequence = audit_heads.sequence + 1
RETURNING sequence, hash
