SELECT p.policy FROM memberships m
JOIN organization_policies p ON p.organization_id = m.organization_id
WHERE m.user_id = $1
