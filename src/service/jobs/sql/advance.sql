UPDATE jobs SET done = done + 1, attempts = 1, revision = revision + 1 WHERE id = $1
