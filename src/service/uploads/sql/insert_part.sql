INSERT INTO upload_parts (upload_id, first, organization_id, id) VALUES ($1, $2, $3, $4)
