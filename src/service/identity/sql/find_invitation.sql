SELECT i.id, i.organization_id, i.email, i.role, i.role_id, i.invited_by, o.name AS organization,
       i.expires_at, i.accepted_at, i.revoked_at
FROM invitations i JOIN organizations o ON o.id = i.organization_id AND o.deleted_at IS NULL
WHERE i.token_hash = $1
