DELETE FROM directory_links WHERE organization_id = $1 AND provider_id = $2 AND subject = $3
