-- Tickets of live connections that were used, until they expire.
CREATE TABLE used_tickets (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL
);
CREATE INDEX used_tickets_expiry ON used_tickets (expires_at);

-- Who must be asked again for a sign-in or a permission: read by every instance every few seconds.
CREATE TABLE revocations (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL,
  session_id TEXT,
  created_at INTEGER NOT NULL
);
CREATE INDEX revocations_time ON revocations (created_at);
