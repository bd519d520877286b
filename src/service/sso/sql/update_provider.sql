UPDATE identity_providers SET name = $3, enabled = $4, config = $5, secret = $6, jit = $7,
  default_role = $8, role_rules = $9, trusts_mfa = $10, updated_at = $11, revision = revision + 1
WHERE id = $1 AND organization_id = $2 AND revision = $12
