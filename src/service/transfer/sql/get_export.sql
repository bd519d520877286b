SELECT filename, format, blob, size_bytes FROM exports WHERE job_id = $1 AND organization_id = $2
