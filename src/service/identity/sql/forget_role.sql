UPDATE invitations SET role = 'viewer', role_id = NULL
WHERE organization_id = $1 AND role_id = $2
