-- Counts an answer before it is looked at; none while the account is locked. Every tenth locks.
INSERT INTO second_factor_attempts (user_id, failures, locked_until) VALUES ($1, 1, 0)
ON CONFLICT (user_id) DO UPDATE SET failures = second_factor_attempts.failures + 1,
  locked_until = CASE
    WHEN (second_factor_attempts.failures + 1) % 10 <> 0 THEN 0
    WHEN second_factor_attempts.failures + 1 = 10 THEN CAST($3 AS BIGINT)
    ELSE CAST($4 AS BIGINT) END
WHERE second_factor_attempts.locked_until <= $2
RETURNING failures
