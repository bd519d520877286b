UPDATE sessions SET revoked_at = $4
WHERE organization_id = $1 AND method = $2 AND id <> $5 AND revoked_at IS NULL
  AND user_id IN (SELECT user_id FROM directory_links
                  WHERE organization_id = $1 AND provider_id = $3)
RETURNING user_id
