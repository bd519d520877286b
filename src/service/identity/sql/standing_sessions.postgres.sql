SELECT s.id, s.organization_id, s.user_id, m.role, m.role_id, s.second_factor, s.authenticated_at,
       r.permissions AS listed, s.created_at, s.method, s.last_used_at, p.policy,
       (SELECT COUNT(*) FROM project_grants g
        WHERE g.organization_id = m.organization_id AND g.user_id = m.user_id) AS grants
FROM sessions s
JOIN users u ON u.id = s.user_id
JOIN memberships m ON m.organization_id = s.organization_id AND m.user_id = s.user_id
LEFT JOIN roles r ON r.id = m.role_id
LEFT JOIN organization_policies p ON p.organization_id = s.organization_id
WHERE s.id IN (SELECT value::uuid FROM json_array_elements_text($1::json) AS t(value))
  AND s.revoked_at IS NULL AND u.disabled_at IS NULL AND s.expires_at > $2 AND s.last_used_at > $3
