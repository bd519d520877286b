SELECT
  (SELECT COUNT(*) FROM totp_factors t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL) AS totp,
  (SELECT COUNT(*) FROM passkeys p WHERE p.user_id = u.id) AS passkeys,
  (SELECT COUNT(*) FROM recovery_codes c WHERE c.user_id = u.id) AS codes
FROM users u WHERE u.id = $1
