UPDATE memberships SET role = $3, role_id = $4 WHERE organization_id = $1 AND user_id = $2
