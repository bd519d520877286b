SELECT sealed FROM installation_secrets WHERE name = $1
