SELECT 1 AS used FROM memberships WHERE organization_id = $1 AND role_id = $2
UNION ALL
SELECT 1 AS used FROM project_grants WHERE organization_id = $1 AND role_id = $2
UNION ALL
SELECT 1 AS used FROM invitations
WHERE organization_id = $1 AND role_id = $2 AND accepted_at IS NULL AND revoked_at IS NULL
UNION ALL
SELECT 1 AS used FROM scim_group_roles WHERE organization_id = $1 AND role_id = $2
