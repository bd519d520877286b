SELECT body FROM annotations WHERE id = $1 AND organization_id = $2
