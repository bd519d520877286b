UPDATE identity_providers SET secret = $2 WHERE id = $1 AND secret = $3
