SELECT revision, body FROM document_snapshots
WHERE asset_id = $1 AND organization_id = $2 AND revision <= $3
ORDER BY revision DESC LIMIT 1
