ANALYZE annotations, operations
