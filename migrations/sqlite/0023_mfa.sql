-- Second factors of people, whichever organisations they belong to.

-- By what a session was proven beside its first factor: by the person's own second one, or by a
-- provider that is trusted for it.
ALTER TABLE sessions ADD COLUMN second_factor TEXT NOT NULL DEFAULT 'none'
  CHECK (second_factor IN ('none', 'own', 'provider'));

-- `sealed` is the shared secret under the master key. It counts from confirmed_at; `last_step` is
-- the newest interval of 30 s whose code was taken.
CREATE TABLE totp_factors (
  user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  sealed TEXT NOT NULL,
  last_step INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  confirmed_at INTEGER,
  last_used_at INTEGER
);

-- SHA-256 of a code and its owner; a code that was used is gone.
CREATE TABLE recovery_codes (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  hash TEXT NOT NULL,
  PRIMARY KEY (user_id, hash)
);

-- Bytes as base64url.
CREATE TABLE passkeys (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  credential_id TEXT NOT NULL CONSTRAINT passkeys_credential_id_key UNIQUE,
  algorithm INTEGER NOT NULL,
  public_key TEXT NOT NULL,
  sign_count INTEGER NOT NULL,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
);
CREATE INDEX passkeys_user ON passkeys (user_id, id);

-- Answers that were tried since the last right one.
CREATE TABLE second_factor_attempts (
  user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  failures INTEGER NOT NULL,
  locked_until INTEGER NOT NULL
);

-- Who has shown the first factor, by the SHA-256 of what he holds meanwhile.
CREATE TABLE pending_sign_ins (
  hash TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  method TEXT NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX pending_sign_ins_user ON pending_sign_ins (user_id);
CREATE INDEX pending_sign_ins_expiry ON pending_sign_ins (expires_at);

-- What passkeys are asked to sign, as SHA-256; each once. Without a user: whoever answers.
CREATE TABLE passkey_challenges (
  hash TEXT PRIMARY KEY,
  purpose TEXT NOT NULL CHECK (purpose IN ('enrol', 'sign_in', 'second_factor', 'proof')),
  user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL
);
CREATE INDEX passkey_challenges_expiry ON passkey_challenges (expires_at);
