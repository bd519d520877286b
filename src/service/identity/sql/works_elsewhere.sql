-- Whether somebody else's organisation counts on the person too.
SELECT EXISTS (SELECT 1 FROM memberships m
  JOIN memberships o ON o.organization_id = m.organization_id AND o.user_id <> m.user_id
  WHERE m.user_id = $1 AND m.organization_id <> $2) AS elsewhere
