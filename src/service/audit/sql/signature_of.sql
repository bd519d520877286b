SELECT s.organization_id, s.sequence, s.hash, s.signed_at, s.key_id, k.public_key, s.signature
FROM audit_signatures s JOIN audit_keys k ON k.id = s.key_id
WHERE s.organization_id = $1 AND s.sequence = $2
