DELETE FROM scim_members WHERE group_id = $1 AND scim_user_id = $2
