SELECT t.id, t.organization_id, t.user_id, t.kind, t.scopes, t.expires_at,
       u.email_verified_at, m.role, m.role_id, r.permissions AS listed, p.policy,
       EXISTS (SELECT 1 FROM totp_factors f
               WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL)
         OR EXISTS (SELECT 1 FROM passkeys k WHERE k.user_id = u.id) AS second_factor,
       (SELECT COUNT(*) FROM project_grants g
        WHERE g.organization_id = m.organization_id AND g.user_id = m.user_id) AS grants
FROM api_tokens t
JOIN users u ON u.id = t.user_id
LEFT JOIN memberships m ON m.organization_id = t.organization_id AND m.user_id = t.user_id
LEFT JOIN roles r ON r.id = m.role_id
LEFT JOIN organization_policies p ON p.organization_id = t.organization_id
WHERE t.hash = $1 AND t.revoked_at IS NULL AND u.disabled_at IS NULL
