UPDATE uploads SET lease_until = 0 WHERE state = 'storing'
