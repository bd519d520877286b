SELECT count(*) AS total FROM comment_threads WHERE asset_id = $1 AND organization_id = $2
