SELECT locked_until FROM second_factor_attempts WHERE user_id = $1
