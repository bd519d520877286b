INSERT INTO scim_members (group_id, scim_user_id, organization_id) VALUES ($1, $2, $3)
