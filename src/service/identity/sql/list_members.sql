SELECT u.id, u.email, u.name, COALESCE(CAST(m.role_id AS TEXT), m.role) AS role,
       COALESCE(r.name, m.role) AS role_name, m.created_at,
       (SELECT MAX(s.last_used_at) FROM sessions s
        WHERE s.user_id = u.id AND s.organization_id = m.organization_id) AS last_used_at,
       EXISTS (SELECT 1 FROM totp_factors t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL)
         OR EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = u.id) AS second_factor
FROM memberships m JOIN users u ON u.id = m.user_id LEFT JOIN roles r ON r.id = m.role_id
WHERE m.organization_id = $1 AND (m.created_at > $2 OR (m.created_at = $2 AND u.id > $3))
ORDER BY m.created_at, u.id LIMIT $4
