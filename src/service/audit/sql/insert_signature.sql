INSERT INTO audit_signatures (organization_id, sequence, hash, signed_at, key_id, signature)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (organization_id, sequence) DO NOTHING
