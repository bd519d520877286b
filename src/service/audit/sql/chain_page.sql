SELECT sequence, at, actor_id, action, object_type, object_id, outcome, request_id, origin, detail,
       hash
FROM audit_entries WHERE organization_id = $1 AND sequence > $2
ORDER BY sequence LIMIT $3
