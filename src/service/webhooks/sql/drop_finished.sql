DELETE FROM webhook_deliveries WHERE finished_at < $1
