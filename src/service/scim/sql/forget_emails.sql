DELETE FROM scim_emails WHERE scim_user_id = $1
