SELECT sequence FROM audit_entries WHERE organization_id = $1 AND origin = $2
ORDER BY sequence LIMIT 1
