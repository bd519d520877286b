SELECT COUNT(*) AS count, CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) AS bytes FROM uploads
WHERE organization_id = $1 AND state <> 'done'
