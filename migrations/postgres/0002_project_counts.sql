-- Counts of a project are read from this index alone, without touching a million rows of assets.
CREATE INDEX assets_project_counts
  ON assets (project_id, organization_id, deleted_at, annotation_count, suggestion_count);
