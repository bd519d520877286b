INSERT INTO audit_entries (organization_id, sequence, at, actor_id, action, object_type, object_id,
                           outcome, request_id, origin, detail, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
