UPDATE webhook_deliveries SET lease_owner = $2, lease_until = $3, tries = tries + 1
WHERE id = (SELECT d.id FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
            WHERE d.state = 'queued' AND d.run_after <= $1
              AND (d.lease_until IS NULL OR d.lease_until < $1) AND w.disabled_at IS NULL
              AND (w.failures = 0 OR $4 = 1)
              AND NOT EXISTS (SELECT 1 FROM webhook_deliveries o
                              WHERE o.organization_id = d.organization_id AND o.lease_until >= $1
                                AND o.webhook_id = d.webhook_id)
              AND (SELECT count(*) FROM webhook_deliveries o
                   WHERE o.organization_id = d.organization_id AND o.lease_until >= $1) < $5
            ORDER BY CASE WHEN w.failures = 0 THEN 0 ELSE 1 END, d.run_after, d.id LIMIT 1)
RETURNING id, organization_id, webhook_id, event, body, tries,
  (SELECT url FROM webhooks w WHERE w.id = webhook_id) AS url,
  (SELECT secret FROM webhooks w WHERE w.id = webhook_id) AS secret,
  (SELECT failures FROM webhooks w WHERE w.id = webhook_id) AS failures
