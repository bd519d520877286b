UPDATE suggestions SET state = $4, decided_at = $5, decided_by = $6, revision = revision + 1
WHERE annotation_id = $1 AND organization_id = $2 AND asset_id = $3 AND state = $7
