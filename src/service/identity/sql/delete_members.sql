DELETE FROM memberships WHERE organization_id = $1
