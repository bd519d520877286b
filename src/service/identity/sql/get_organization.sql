SELECT o.id, o.name, o.created_at, o.revision,
       (SELECT COUNT(*) FROM memberships m WHERE m.organization_id = o.id) AS members
FROM organizations o WHERE o.id = $1 AND o.deleted_at IS NULL
