SELECT label_id, COUNT(*) AS objects, COUNT(DISTINCT asset_id) AS images FROM annotations
WHERE project_id = $1 AND organization_id = $2
  AND asset_id NOT IN (SELECT id FROM assets WHERE project_id = $1 AND deleted_at IS NOT NULL)
GROUP BY label_id
