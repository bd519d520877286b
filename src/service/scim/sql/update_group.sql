UPDATE scim_groups SET external_id = $3, display_name = $4, display_key = $5, updated_at = $6,
  revision = revision + 1
WHERE id = $1 AND organization_id = $2
