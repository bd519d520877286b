/** Setting up a SAML identity provider. */
export const saml = {
  metadataUrl: 'Address of the provider’s metadata',
  metadataUrlHint: 'It is read once, when you save. Or paste the metadata below.',
  metadata: 'Metadata (XML)',
  readFrom: 'Entity ID of the provider: {{entity}}',
  binding: 'How people are sent there',
  redirect: 'By redirect',
  post: 'By a form',
  email: 'Attribute with the email address',
  name: 'Attribute with the name',
  groups: 'Attribute with the groups',
  usual: 'Empty: the usual names',
  idpInitiated: 'People may also begin at the provider',
  idpInitiatedHint:
    'Less safe: somebody else’s sign-in can be planted in a browser. Leave it off unless you need it.',
} as const;

export const samlAddresses = {
  entity_id: 'Our entity ID, to enter at the provider',
  metadata_url: 'Our metadata',
  acs_url: 'Our address for answers (ACS)',
  slo_url: 'Our address for logouts (SLO)',
} as const;
