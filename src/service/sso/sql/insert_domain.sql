INSERT INTO provider_domains (domain, organization_id, provider_id) VALUES ($1, $2, $3)
