SELECT provider_id, domain FROM provider_domains WHERE organization_id = $1 ORDER BY domain
