UPDATE sso_flows SET code_hash = $2, data = '' WHERE state_hash = $1
