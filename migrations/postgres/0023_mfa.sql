-- Second factors of people, whichever organisations they belong to.

-- By what a session was proven beside its first factor: by the person's own second one, or by a
-- provider that is trusted for it.
ALTER TABLE sessions ADD COLUMN second_factor TEXT NOT NULL DEFAULT 'none'
  CHECK (second_factor IN ('none', 'own', 'provider'));

-- `sealed` is the shared secret under the master key. It counts from confirmed_at; `last_step` is
-- the newest interval of 30 s whose code was taken.
CREATE TABLE totp_factors (
  user_id UUID PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  sealed TEXT NOT NULL,
  last_step BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  confirmed_at BIGINT,
  last_used_at BIGINT
);

-- SHA-256 of a code and its owner; a code that was used is gone.
CREATE TABLE recovery_codes (
  user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  hash TEXT NOT NULL,
  PRIMARY KEY (user_id, hash)
);

-- Bytes as base64url.
CREATE TABLE passkeys (
  id UUID PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  credential_id TEXT NOT NULL CONSTRAINT passkeys_credential_id_key UNIQUE,
  algorithm BIGINT NOT NULL,
  public_key TEXT NOT NULL,
  sign_count BIGINT NOT NULL,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  created_at BIGINT NOT NULL,
  last_used_at BIGINT
);
CREATE INDEX passkeys_user ON passkeys (user_id, id);

-- Answers that were tried since the last right one.
CREATE TABLE second_factor_attempts (
  user_id UUID PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  failures BIGINT NOT NULL,
  locked_until BIGINT NOT NULL
);

-- Who has shown the first factor, by the SHA-256 of what he holds meanwhile.
CREATE TABLE pending_sign_ins (
  hash TEXT PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  method TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX pending_sign_ins_user ON pending_sign_ins (user_id);
CREATE INDEX pending_sign_ins_expiry ON pending_sign_ins (expires_at);

-- What passkeys are asked to sign, as SHA-256; each once. Without a user: whoever answers.
CREATE TABLE passkey_challenges (
  hash TEXT PRIMARY KEY,
  purpose TEXT NOT NULL CHECK (purpose IN ('enrol', 'sign_in', 'second_factor', 'proof')),
  user_id UUID REFERENCES users (id) ON DELETE CASCADE,
  expires_at BIGINT NOT NULL
);
CREATE INDEX passkey_challenges_expiry ON passkey_challenges (expires_at);

-- Of no organisation: read and written before anyone is signed in.
ALTER TABLE totp_factors ENABLE ROW LEVEL SECURITY;
ALTER TABLE totp_factors FORCE ROW LEVEL SECURITY;
CREATE POLICY totp_factors_system ON totp_factors USING (
    current_setting('aa.system', true) = 'on');
ALTER TABLE recovery_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE recovery_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY recovery_codes_system ON recovery_codes USING (
    current_setting('aa.system', true) = 'on');
ALTER TABLE passkeys ENABLE ROW LEVEL SECURITY;
ALTER TABLE passkeys FORCE ROW LEVEL SECURITY;
CREATE POLICY passkeys_system ON passkeys USING (
    current_setting('aa.system', true) = 'on');
ALTER TABLE second_factor_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE second_factor_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY second_factor_attempts_system ON second_factor_attempts USING (
    current_setting('aa.system', true) = 'on');
ALTER TABLE pending_sign_ins ENABLE ROW LEVEL SECURITY;
ALTER TABLE pending_sign_ins FORCE ROW LEVEL SECURITY;
CREATE POLICY pending_sign_ins_system ON pending_sign_ins USING (
    current_setting('aa.system', true) = 'on');
ALTER TABLE passkey_challenges ENABLE ROW LEVEL SECURITY;
ALTER TABLE passkey_challenges FORCE ROW LEVEL SECURITY;
CREATE POLICY passkey_challenges_system ON passkey_challenges USING (
    current_setting('aa.system', true) = 'on');
