SELECT session_id FROM sso_flows WHERE code_hash = $1
