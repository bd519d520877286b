INSERT INTO assets (id, organization_id, project_id, rank, filename, kind, format, width, height, orientation,
                    sha256, size_bytes, status, created_by, created_at, content_id)
SELECT ($4 || lpad(to_hex(n), 12, '0'))::uuid, organization_id, project_id, $5 + n,
       lpad(n::text, 7, '0') || '-' || filename, kind, format, width, height, orientation, sha256,
       size_bytes, status, created_by, created_at + n, id
FROM generate_series($6::bigint, $3 - 1) AS copies (n)
JOIN assets ON assets.project_id = $1 AND assets.organization_id = $2 AND assets.rank = n % $5
