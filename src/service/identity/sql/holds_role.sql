SELECT user_id FROM memberships WHERE organization_id = $1 AND user_id = $2 AND role_id = $3
UNION ALL
SELECT user_id FROM project_grants WHERE organization_id = $1 AND user_id = $2 AND role_id = $3
