u.id, u.user_id, u.user_name, u.external_id, u.display_name, u.name, u.emails, u.created_at,
       u.updated_at, u.revision, CASE WHEN m.user_id IS NULL THEN 0 ELSE 1 END AS active
