UPDATE audit_heads SET watchers = watchers + $2 WHERE organization_id = $1
