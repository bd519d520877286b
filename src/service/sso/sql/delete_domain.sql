DELETE FROM provider_domains WHERE domain = $1 AND organization_id = $2 AND provider_id = $3
