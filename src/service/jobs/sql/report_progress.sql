UPDATE jobs SET done = $2, total = $3, revision = revision + 1 WHERE id = $1 AND state = 'running'
