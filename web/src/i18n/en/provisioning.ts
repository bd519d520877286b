export const provisioning = {
  title: 'Provisioning',
  about:
    'Your directory (Microsoft Entra ID, Okta or another that speaks SCIM 2.0) makes, changes and ' +
    'ends accounts here by itself.',
  baseUrl: 'Base URL',
  baseUrlHint: 'Your directory asks for it together with a token.',
  tokens: 'Tokens of the directory',
  tokensHint:
    'A token reaches nothing but provisioning. Make a second one before the first expires, then ' +
    'revoke the first.',
  token: 'New SCIM token',
  synced: 'Last sync {{when}}',
  neverSynced: 'Never used',
  groups: 'Groups and roles',
  groupsHint:
    'Members of a group get its role; of several the one that allows most. Nobody becomes an ' +
    'owner this way.',
  noGroups: 'The directory has sent no groups yet.',
  group: 'Group',
  members: 'Members',
  gives: 'Role of its members',
  roleOf: 'Role of the members of {{group}}',
  noRole: 'None',
  roleGiven: 'The role is given',
  roleFailed: 'The role could not be given',
  people: 'People',
  noPeople: 'The directory has sent nobody yet.',
  person: 'Person',
  state: 'State',
  changed: 'Changed',
  active: 'Active',
  inactive: 'Inactive',
  more: 'Show more',
  failed: 'What the directory sent could not be loaded',
  loading: 'Loading what the directory sent',
};
