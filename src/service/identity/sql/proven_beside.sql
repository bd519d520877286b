SELECT EXISTS (SELECT 1 FROM totp_factors t WHERE t.user_id = $1 AND t.confirmed_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = $1)
    OR EXISTS (SELECT 1 FROM sessions s WHERE s.id = $2 AND s.second_factor <> 'none') AS proven
