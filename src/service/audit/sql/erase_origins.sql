DELETE FROM audit_origins WHERE actor_id = $1
