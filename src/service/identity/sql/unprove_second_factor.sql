UPDATE sessions SET second_factor = 'none' WHERE user_id = $1 AND second_factor = 'own'
