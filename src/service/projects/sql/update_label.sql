UPDATE labels SET name = $4, color = $5, kind = $6, attributes = $7, skeleton = $8, rank = $9
WHERE id = $1 AND organization_id = $2 AND project_id = $3
