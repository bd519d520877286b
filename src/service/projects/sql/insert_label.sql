INSERT INTO labels (id, organization_id, project_id, name, color, kind, attributes, skeleton, rank,
                    created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
