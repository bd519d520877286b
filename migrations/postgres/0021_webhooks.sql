-- Who hears of what happens in an organisation. `secret` is sealed; `failures` counts attempts that
-- failed since the last that did not.
CREATE TABLE webhooks (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  events TEXT NOT NULL,
  secret TEXT NOT NULL,
  failures BIGINT NOT NULL DEFAULT 0,
  disabled_at BIGINT,
  disabled_reason TEXT,
  created_by UUID NOT NULL,
  created_at BIGINT NOT NULL,
  revision BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX webhooks_organization ON webhooks (organization_id, id);

CREATE TABLE webhook_deliveries (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  webhook_id UUID NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  event TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'delivered', 'failed')),
  tries BIGINT NOT NULL DEFAULT 0,
  run_after BIGINT NOT NULL,
  lease_owner TEXT,
  lease_until BIGINT,
  created_at BIGINT NOT NULL,
  finished_at BIGINT
);
CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_queued ON webhook_deliveries (run_after, id) WHERE state = 'queued';
CREATE INDEX webhook_deliveries_leased ON webhook_deliveries (organization_id, lease_until)
  WHERE lease_until IS NOT NULL;
CREATE INDEX webhook_deliveries_finished ON webhook_deliveries (finished_at)
  WHERE finished_at IS NOT NULL;

CREATE TABLE webhook_attempts (
  delivery_id UUID NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
  number BIGINT NOT NULL,
  organization_id UUID NOT NULL,
  at BIGINT NOT NULL,
  took_ms BIGINT NOT NULL,
  status BIGINT,
  problem TEXT,
  answer TEXT NOT NULL,
  PRIMARY KEY (delivery_id, number)
);

ALTER TABLE webhooks ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhooks FORCE ROW LEVEL SECURITY;
CREATE POLICY webhooks_tenant ON webhooks USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY webhook_deliveries_tenant ON webhook_deliveries USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE webhook_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY webhook_attempts_tenant ON webhook_attempts USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
