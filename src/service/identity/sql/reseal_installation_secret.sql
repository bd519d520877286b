UPDATE installation_secrets SET sealed = $2 WHERE name = $1 AND sealed = $3
