SELECT user_id FROM memberships WHERE organization_id = $1 AND role_id = $2
UNION
SELECT user_id FROM project_grants WHERE organization_id = $1 AND role_id = $2
