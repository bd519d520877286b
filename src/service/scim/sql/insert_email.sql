INSERT INTO scim_emails (scim_user_id, organization_id, email) VALUES ($1, $2, $3)
