SELECT s.id, s.organization_id, s.user_id, s.last_used_at, s.expires_at, s.revoked_at,
       u.disabled_at, u.email_verified_at, m.role, m.role_id, s.second_factor, s.authenticated_at,
       r.permissions AS listed, s.created_at, s.method, p.policy,
       (SELECT COUNT(*) FROM project_grants g
        WHERE g.organization_id = m.organization_id AND g.user_id = m.user_id) AS grants
FROM sessions s
JOIN users u ON u.id = s.user_id
JOIN memberships m ON m.organization_id = s.organization_id AND m.user_id = s.user_id
LEFT JOIN roles r ON r.id = m.role_id
LEFT JOIN organization_policies p ON p.organization_id = s.organization_id
WHERE s.id = $1
