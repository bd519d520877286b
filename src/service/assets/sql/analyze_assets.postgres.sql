ANALYZE assets
