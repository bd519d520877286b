SELECT job_id FROM exports
WHERE organization_id = $1 AND job_id IN (SELECT value FROM json_each($2))
