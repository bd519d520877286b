INSERT INTO asset_blocks (project_id, block, organization_id, assets) VALUES ($1, $2, $3, 1)
ON CONFLICT (project_id, block) DO UPDATE SET assets = asset_blocks.assets + 1
