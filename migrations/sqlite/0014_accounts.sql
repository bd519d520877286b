-- Small jobs that nobody watches: letters and the like.
ALTER TABLE jobs ADD COLUMN errand BOOLEAN NOT NULL DEFAULT FALSE;

-- When the person was last shown to read what is sent to the address.
ALTER TABLE users ADD COLUMN email_verified_at INTEGER;

-- What a link in a letter carries, as SHA-256; it works once. `email` is the address that the letter
-- went to.
CREATE TABLE account_tokens (
  hash TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  purpose TEXT NOT NULL CHECK (purpose IN ('verify_email', 'reset_password', 'change_email')),
  email TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX account_tokens_user ON account_tokens (user_id, purpose);
CREATE INDEX account_tokens_expiry ON account_tokens (expires_at);
