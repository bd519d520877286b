SELECT user_id FROM memberships WHERE organization_id = $1
