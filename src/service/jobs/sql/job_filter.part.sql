organization_id = $1 AND NOT errand AND id < $2
  AND ($4 = '' OR state = $4) AND (created_by = $5 OR $5 IS NULL)
  AND ($6 = '' OR replace($6, '/' || kind || '/', '') <> $6)
