SELECT e.sequence, e.at, e.actor_id, e.action, e.object_type, e.object_id, e.outcome, e.request_id,
       e.origin, e.detail, e.hash, o.ip, o.user_agent
FROM audit_entries e
LEFT JOIN audit_origins o ON o.organization_id = e.organization_id AND o.id = e.origin
WHERE e.organization_id = $1 AND e.sequence < $2
  AND ($4::uuid IS NULL OR e.actor_id = $4)
  AND ($5::text IS NULL OR substr(e.action, 1, length($5)) = $5)
  AND ($6::text IS NULL OR e.object_type = $6)
  AND ($7::text IS NULL OR e.object_id = $7)
  AND ($8::text IS NULL OR e.outcome = $8)
  AND ($9::bigint IS NULL OR e.at >= $9)
  AND ($10::bigint IS NULL OR e.at < $10)
ORDER BY e.sequence DESC LIMIT $3
