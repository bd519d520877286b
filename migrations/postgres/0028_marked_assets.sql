-- Objects and suggestions of a project are summed over the assets that have some, and read from this
-- index alone; how many assets there are is known from asset_blocks. The index before held every
-- asset, so that a project of a million images was read whole each time it was shown.
DROP INDEX assets_project_counts;
CREATE INDEX assets_marked
  ON assets (project_id, organization_id, annotation_count, suggestion_count, deleted_at)
  WHERE deleted_at IS NULL AND (annotation_count > 0 OR suggestion_count > 0);
