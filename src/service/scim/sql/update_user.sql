UPDATE scim_users SET user_id = $3, user_name = $4, user_name_key = $5, external_id = $6,
  display_name = $7, display_key = $8, name = $9, emails = $10, updated_at = $11,
  revision = revision + 1
WHERE id = $1 AND organization_id = $2
