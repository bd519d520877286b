// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { CannedServer, leave, person, press, problem, type, visit } from '@/app/serverFixture';

const rights = ['sso_write', 'member_read', 'role_read', 'project_read'];
const provider = {
  id: '0190a1b2-0000-7000-8000-000000000001',
  kind: 'oidc',
  name: 'Company',
  enabled: false,
  config: { issuer: 'https://idp.example', client_id: 'x', token_auth: 'client_secret_basic' },
  has_secret: true,
  domains: ['example.org'],
  jit: true,
  default_role: 'viewer',
  role_rules: [],
  trusts_mfa: false,
  addresses: { redirect_uri: 'https://labels.example/api/v1/auth/sso/callback' },
  start_url: '/api/v1/auth/sso/0190a1b2-0000-7000-8000-000000000001/start',
  revision: 3,
};
const role = (id: string, permissions: string[]) => ({
  id,
  name: id,
  description: '',
  built_in: true,
  permissions,
  members: 1,
  revision: 1,
});
const route = `/sso/providers/${provider.id}`;

function serve(items: unknown[] = [provider], permissions = rights) {
  return new CannedServer({
    'GET /auth/me': person(permissions),
    'GET /sso/providers': { items },
    'GET /organizations/o/roles': {
      items: [
        role('owner', ['project_read']),
        role('viewer', ['project_read']),
        role('manager', ['project_read', 'member_read']),
        role('chief', ['organization_delete']),
      ],
    },
  });
}

afterEach(leave);

test('a provider is set up: what is typed is sent, with rules in their order', async () => {
  const server = serve([]);
  server.answer('POST /sso/providers', provider);
  await visit('/admin/sso');
  expect(await screen.findByText('No identity provider yet')).toBeTruthy();
  press('add-provider');
  type(await screen.findByTestId('provider-name'), ' Company ');
  type(await screen.findByTestId('oidc-issuer'), 'https://idp.example');
  type('oidc-client', 'x');
  type('provider-secret', 'hidden');
  type(screen.getByLabelText('Claim with the groups'), 'groups');
  type(screen.getByLabelText('Scopes'), 'openid email');
  type('provider-domains', 'example.org\nexample.com');
  press('add-rule');
  type(within(screen.getByTestId('role-rule')).getByLabelText('Group'), 'leads');
  const choice = within(screen.getByTestId('role-rule')).getByLabelText('Role');
  await waitFor(() => expect(choice.textContent).toContain('manager'));
  expect(choice.textContent).not.toMatch(/owner|chief/);
  type(choice, 'manager');
  fireEvent.click(screen.getByLabelText(/asks for a second factor/));
  press('save-provider');
  await waitFor(() => expect(server.changes).toHaveLength(1));
  expect(server.changes[0]).toEqual([
    'POST /sso/providers',
    {
      kind: 'oidc',
      name: 'Company',
      enabled: false,
      secret: 'hidden',
      config: {
        issuer: 'https://idp.example',
        client_id: 'x',
        token_auth: 'client_secret_basic',
        scopes: ['openid', 'email'],
        email_claim: 'email',
        name_claim: 'name',
        groups_claim: 'groups',
        trusts_email: false,
      },
      domains: ['example.org', 'example.com'],
      jit: true,
      default_role: 'viewer',
      role_rules: [{ value: 'leads', role: 'manager' }],
      trusts_mfa: true,
    },
  ]);
  await waitFor(() => expect(screen.queryByTestId('provider-dialog')).toBeNull());
});

test('what the server refuses stands at its field, and the form stays', async () => {
  const server = serve();
  const pointer = '/config/issuer';
  server.answer(
    `PATCH ${route}`,
    problem(422, 'invalid_provider', 'It must be https.', [{ pointer, detail: 'no' }]),
  );
  await visit('/admin/sso');
  fireEvent.click(await screen.findByTestId('edit-provider'));
  expect(await screen.findByText(/A secret is stored/)).toBeTruthy();
  press('save-provider');
  expect(await screen.findByText('It must be https.')).toBeTruthy();
  expect(server.changes[0]?.[1]).not.toHaveProperty('secret');
  expect(screen.getByTestId('provider-dialog')).toBeTruthy();
});

test('a test tells step by step what happened', async () => {
  const server = serve();
  const steps = [
    { step: 'discovery', ok: true, detail: 'https://idp.example' },
    { step: 'keys', ok: false, detail: 'None of the keys can be used.' },
  ];
  server.answer(`POST ${route}/test`, { ok: false, steps });
  await visit('/admin/sso');
  fireEvent.click(await screen.findByTestId('test-provider'));
  const told = await screen.findAllByTestId('test-step');
  expect(within(told[0]!).getByLabelText('worked')).toBeTruthy();
  expect(within(told[1]!).getByLabelText('failed')).toBeTruthy();
  expect(told[1]?.textContent).toContain('None of the keys');
  expect(screen.getByText(/Something is wrong/)).toBeTruthy();
});

test('it is switched on and deleted, and tells what the other side needs', async () => {
  const server = serve();
  server.answer(`PATCH ${route}`, { ...provider, enabled: true });
  server.answer(`DELETE ${route}`, null);
  await visit('/admin/sso');
  expect(await screen.findByText(provider.addresses.redirect_uri)).toBeTruthy();
  expect(screen.getByText(/\/start$/)).toBeTruthy();
  press('turn-provider');
  await waitFor(() => expect(server.changes[0]).toEqual([`PATCH ${route}`, { enabled: true }]));
  press('delete-provider');
  fireEvent.click(await screen.findByTestId('confirm-delete-provider'));
  await waitFor(() => expect(server.changes.at(-1)?.[0]).toBe(`DELETE ${route}`));
});

test('others are refused, and a failure can be tried again', async () => {
  const refused = serve([], []);
  await visit('/admin/sso');
  expect(await screen.findByText(/sso_write/)).toBeTruthy();
  expect(refused.sent.some(({ call }) => call === 'GET /sso/providers')).toBe(false);
  leave();
  const server = serve();
  server.answer('GET /sso/providers', problem(422, 'x', 'Not now.'));
  await visit('/admin/sso');
  expect(await screen.findByText('Not now.')).toBeTruthy();
});
