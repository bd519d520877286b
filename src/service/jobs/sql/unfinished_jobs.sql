SELECT id, payload FROM jobs WHERE organization_id = $1 AND NOT errand AND state IN ('queued', 'running')
