INSERT INTO asset_blocks (project_id, block, organization_id, assets)
SELECT project_id, rank / 1024, organization_id, COUNT(*) FROM assets
WHERE project_id = $1 AND organization_id = $2 AND deleted_at IS NULL
GROUP BY project_id, rank / 1024, organization_id
