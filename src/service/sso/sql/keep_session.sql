UPDATE sso_flows SET session_id = $2 WHERE state_hash = $1
