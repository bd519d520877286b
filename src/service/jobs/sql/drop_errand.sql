DELETE FROM jobs WHERE id = $1 AND errand AND state = 'succeeded'
