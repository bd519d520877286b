-- As lock_head, hash_of() and insert_entry do, in one statement. $3 is $2 as text, $12 the line that
-- is hashed from behind its time; $13 is how many watchers need not hear of it.
INSERT INTO audit_entries (organization_id, sequence, at, actor_id, action, object_type, object_id,
                           outcome, request_id, origin, detail, hash)
SELECT h.organization_id, h.sequence + 1, greatest($2::bigint, h.at), $4::uuid, $5, $6, $7, $8, $9,
       $10, $11,
       encode(sha256(convert_to(
         h.hash || '{"sequence":' || (h.sequence + 1) || ',"at":"' ||
         CASE WHEN $2::bigint >= h.at THEN $3::text
              ELSE to_char(timestamp 'epoch' + h.at * interval '1 microsecond',
                           'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END || $12::text, 'UTF8')), 'hex')
FROM (SELECT organization_id, sequence, hash, at FROM audit_heads
      WHERE organization_id = $1 AND watchers <= $13 FOR UPDATE) h
