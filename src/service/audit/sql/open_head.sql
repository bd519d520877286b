INSERT INTO audit_heads (organization_id, sequence, hash, at) VALUES ($1, 0, $2, 0)
ON CONFLICT (organization_id) DO NOTHING
