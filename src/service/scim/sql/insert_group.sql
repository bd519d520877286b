INSERT INTO scim_groups (id, organization_id, external_id, display_name, display_key, created_at,
  updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $6)
