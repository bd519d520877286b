SELECT rank, filename
FROM (SELECT rank, filename, row_number() OVER (ORDER BY rank) AS place
      FROM assets WHERE {asset_filter}) AS passing
WHERE place % $14 = 0 ORDER BY place
