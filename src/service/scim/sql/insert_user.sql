INSERT INTO scim_users (id, organization_id, user_id, user_name, user_name_key, external_id,
  display_name, display_key, name, emails, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
