SELECT name, sealed FROM installation_secrets ORDER BY name
