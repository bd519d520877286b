INSERT INTO document_snapshots (asset_id, revision, organization_id, body, created_at)
SELECT a.id, a.revision, a.organization_id,
       '{"revision":' || a.revision || ',"items":[' ||
         COALESCE((SELECT string_agg(n.body, ',' ORDER BY n.id)
                   FROM annotations n WHERE n.asset_id = a.id), '') || ']}', $3
FROM assets a WHERE a.id = $1 AND a.organization_id = $2
ON CONFLICT DO NOTHING
