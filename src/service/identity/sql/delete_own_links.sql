DELETE FROM directory_links WHERE organization_id = $1 AND user_id = $2 AND provider_id = $3
