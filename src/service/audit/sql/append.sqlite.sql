-- As lock_head, hash_of() and insert_entry do, in one statement. $3 is $2 as text, $12 the line that
-- is hashed from behind its time; $13 is how many watchers need not hear of it.
INSERT INTO audit_entries (organization_id, sequence, at, actor_id, action, object_type, object_id,
                           outcome, request_id, origin, detail, hash)
SELECT h.organization_id, h.sequence + 1, max($2, h.at), $4, $5, $6, $7, $8, $9, $10, $11,
       sha256_hex(h.hash || '{"sequence":' || (h.sequence + 1) || ',"at":"' ||
                  CASE WHEN $2 >= h.at THEN $3
                       ELSE strftime('%Y-%m-%dT%H:%M:%S', h.at / 1000000, 'unixepoch') ||
                            printf('.%06dZ', h.at % 1000000) END || $12)
FROM audit_heads h WHERE h.organization_id = $1 AND h.watchers <= $13
