SELECT p.id, p.kind, p.name
FROM provider_domains d JOIN identity_providers p ON p.id = d.provider_id
WHERE d.domain = $1 AND p.enabled
