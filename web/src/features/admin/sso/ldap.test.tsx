// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { CannedServer, leave, person, press, problem, type, visit } from '@/app/serverFixture';

afterEach(leave);

test('an LDAP server is set up; what it is refused for stands at its field', async () => {
  const server = new CannedServer({
    'GET /auth/me': person(['sso_write', 'member_read', 'role_read', 'project_read']),
    'GET /sso/providers': { items: [] },
    'GET /organizations/o/roles': { items: [] },
  });
  const errors = [{ pointer: '/config/url', detail: 'must be ldaps' }];
  server.answer('POST /sso/providers', problem(422, 'invalid_provider', 'No.', errors));
  await visit('/admin/sso');
  fireEvent.click(await screen.findByTestId('add-provider'));
  fireEvent.change(await screen.findByTestId('provider-kind'), { target: { value: 'ldap' } });
  type(await screen.findByTestId('ldap-url'), 'ldap://ldap.example.org');
  type('ldap-base_dn', 'dc=example,dc=org');
  type('ldap-bind_dn', 'cn=search,dc=example,dc=org');
  type('provider-secret', 'secret');
  type('provider-name', 'Directory');
  press('save-provider');
  expect(await screen.findByText('No.')).toBeTruthy();
  press('ldap-start-tls');
  press('save-provider');
  await waitFor(() => expect(server.changes).toHaveLength(2));
  const body = server.changes[1]![1] as { kind: string; secret: string; config: object };
  expect(body.kind).toBe('ldap');
  expect(body.secret).toBe('secret');
  expect(body.config).toEqual({
    url: 'ldap://ldap.example.org',
    start_tls: true,
    authority: '',
    bind_dn: 'cn=search,dc=example,dc=org',
    base_dn: 'dc=example,dc=org',
    scope: 'subtree',
    user_filter: '(uid={user})',
    subject_attribute: 'entryUUID',
    email_attribute: 'mail',
    name_attribute: 'displayName',
    groups_attribute: 'memberOf',
  });
});
