INSERT INTO identity_providers (id, organization_id, kind, name, enabled, config, secret, jit,
                                default_role, role_rules, trusts_mfa, created_by, created_at,
                                updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
