SELECT provider_id FROM sso_flows WHERE state_hash = $1 AND used_at IS NOT NULL
