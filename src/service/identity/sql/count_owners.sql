SELECT COUNT(*) AS owners FROM memberships WHERE organization_id = $1 AND role = 'owner'
