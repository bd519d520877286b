/** Setting up an LDAP server. */
export const ldap = {
  url: 'Address of the server',
  urlHint: 'ldaps://ldap.example.org, or ldap://… with StartTLS',
  startTls: 'Begin TLS on the plain port (StartTLS)',
  authority: 'Certificate authority (PEM)',
  authorityHint: 'Empty: those that the system knows vouch for the server.',
  bindDn: 'Who searches (bind DN)',
  bindDnHint: 'Empty: nobody in particular, where the server allows that.',
  password: 'Password of the bind DN',
  baseDn: 'Where people stand (base DN)',
  filter: 'Filter that finds a person',
  filterHint: '{user} stands for the name that is typed in. Active Directory: (sAMAccountName={user})',
  subject: 'Attribute that never changes',
  subjectHint: 'entryUUID; in Active Directory objectGUID.',
  email: 'Attribute with the email address',
  name: 'Attribute with the name',
  groups: 'Attribute with the groups',
};
