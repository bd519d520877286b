SELECT id, payload FROM jobs WHERE organization_id = $1 AND state IN ('queued', 'running')
