DELETE FROM revocations WHERE created_at < $1
