INSERT INTO organization_policies (organization_id, policy, updated_at) VALUES ($1, $2, $3)
ON CONFLICT (organization_id) DO UPDATE
SET policy = excluded.policy, updated_at = excluded.updated_at,
    revision = organization_policies.revision + 1
