SELECT id FROM jobs WHERE id = $1 AND cancel_requested
