SELECT sequence, at, actor_id, ip, request_id, action, object_type, object_id, outcome, detail, hash
FROM audit_before WHERE organization_id = $1 AND sequence > $2
ORDER BY sequence LIMIT $3
