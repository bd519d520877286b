UPDATE suggestions SET state = 'rejected', decided_at = $3, decided_by = $4, revision = revision + 1
WHERE id = $1 AND organization_id = $2 AND state = 'pending'
