UPDATE suggestions SET state = 'accepted', annotation_id = $3, label_id = $4, decided_at = $5,
  decided_by = $6, revision = revision + 1
WHERE id = $1 AND organization_id = $2 AND state = 'pending'
