INSERT INTO scim_group_roles (group_id, organization_id, role, role_id, mapped_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
