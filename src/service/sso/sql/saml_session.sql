SELECT provider_id, name, session_index FROM saml_sessions WHERE session_id = $1
