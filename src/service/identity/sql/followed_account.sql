-- As the organization's directory may see it.
SELECT u.email, u.name, u.disabled_at, u.password_hash = '' AS passwordless, m.role,
       (SELECT COUNT(*) FROM memberships e
        WHERE e.user_id = u.id AND e.organization_id <> $2) AS elsewhere
FROM users u
LEFT JOIN memberships m ON m.user_id = u.id AND m.organization_id = $2
WHERE u.id = $1
