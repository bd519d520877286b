SELECT id, first FROM upload_parts WHERE upload_id = $1 AND organization_id = $2 ORDER BY first
