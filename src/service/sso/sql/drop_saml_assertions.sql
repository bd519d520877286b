DELETE FROM saml_assertions WHERE expires_at < $1
