g.id, g.external_id, g.display_name, g.created_at, g.updated_at, g.revision
