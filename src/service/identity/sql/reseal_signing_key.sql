UPDATE signing_keys SET sealed = $2 WHERE id = $1 AND sealed = $3
