UPDATE assets SET suggestion_count =
  (SELECT COUNT(*) FROM suggestions s WHERE s.asset_id = $1 AND s.state = 'pending')
WHERE id = $1 AND organization_id = $2
