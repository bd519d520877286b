INSERT INTO document_snapshots (asset_id, revision, organization_id, body, created_at)
SELECT a.id, a.revision, a.organization_id,
       '{"revision":' || a.revision || ',"items":[' ||
         COALESCE((SELECT group_concat(body, ',')
                   FROM (SELECT body FROM annotations WHERE asset_id = a.id ORDER BY id)), '') ||
         ']}', $3
FROM assets a WHERE a.id = $1 AND a.organization_id = $2
ON CONFLICT DO NOTHING
