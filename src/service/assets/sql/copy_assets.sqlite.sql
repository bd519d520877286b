WITH RECURSIVE copies (n) AS (SELECT $6 UNION ALL SELECT n + 1 FROM copies WHERE n + 1 < $3)
INSERT INTO assets (id, organization_id, project_id, rank, filename, kind, format, width, height, orientation,
                    sha256, size_bytes, status, created_by, created_at, content_id)
SELECT $4 || printf('%012x', n), organization_id, project_id, $5 + n,
       printf('%07d-', n) || filename, kind, format, width, height, orientation, sha256, size_bytes,
       status, created_by, created_at + n, id
FROM copies JOIN assets ON assets.project_id = $1 AND assets.organization_id = $2 AND assets.rank = n % $5
