SELECT policy, revision FROM organization_policies WHERE organization_id = $1
