UPDATE usage_totals
SET assets = CASE WHEN assets > $2 THEN assets - $2 ELSE 0 END,
    storage_bytes = CASE WHEN storage_bytes > $3 THEN storage_bytes - $3 ELSE 0 END
WHERE organization_id = $1
