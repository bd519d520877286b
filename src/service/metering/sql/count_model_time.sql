INSERT INTO usage_days (organization_id, day, model_ms) VALUES ($1, $2, $3)
ON CONFLICT (organization_id, day) DO UPDATE
SET model_ms = usage_days.model_ms + excluded.model_ms
