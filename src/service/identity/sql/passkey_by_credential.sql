SELECT id, user_id, algorithm, public_key, sign_count FROM passkeys WHERE credential_id = $1
