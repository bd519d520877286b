DELETE FROM sso_flows WHERE expires_at < $1
