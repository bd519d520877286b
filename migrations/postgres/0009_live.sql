-- Tickets of live connections that were used, until they expire.
CREATE TABLE used_tickets (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  expires_at BIGINT NOT NULL
);
CREATE INDEX used_tickets_expiry ON used_tickets (expires_at);

-- Who must be asked again for a sign-in or a permission: read by every instance every few seconds.
CREATE TABLE revocations (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id UUID NOT NULL,
  session_id UUID,
  created_at BIGINT NOT NULL
);
CREATE INDEX revocations_time ON revocations (created_at);

ALTER TABLE used_tickets ENABLE ROW LEVEL SECURITY;
ALTER TABLE used_tickets FORCE ROW LEVEL SECURITY;
CREATE POLICY used_tickets_tenant ON used_tickets USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
ALTER TABLE revocations ENABLE ROW LEVEL SECURITY;
ALTER TABLE revocations FORCE ROW LEVEL SECURITY;
CREATE POLICY revocations_tenant ON revocations USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
