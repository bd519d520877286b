DELETE FROM signing_keys WHERE id = $1
