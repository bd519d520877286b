SELECT id, organization_id, kind, name, enabled, config, secret, jit, default_role, role_rules,
       trusts_mfa, created_by, created_at, updated_at, revision
FROM identity_providers WHERE id = $1
