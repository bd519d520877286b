SELECT sealed, certificate FROM saml_keys WHERE provider_id = $1
