-- The counter goes up, or there is none.
UPDATE passkeys SET sign_count = $2, last_used_at = $3
WHERE id = $1 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0)) RETURNING id
