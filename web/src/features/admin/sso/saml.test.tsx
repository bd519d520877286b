// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { CannedServer, leave, person, press, problem, type, visit } from '@/app/serverFixture';

const rights = ['sso_write', 'member_read', 'role_read', 'project_read'];
const base = 'https://labels.example/api/v1/auth/saml/1';
const provider = {
  id: '0190a1b2-0000-7000-8000-000000000001',
  kind: 'saml',
  name: 'Company',
  enabled: true,
  config: {
    metadata: '<EntityDescriptor/>',
    metadata_url: 'https://idp.example/metadata',
    entity_id: 'https://idp.example',
    binding: 'post',
    email_attribute: 'mail',
    name_attribute: '',
    groups_attribute: '',
    idp_initiated: true,
  },
  has_secret: false,
  domains: [],
  jit: true,
  default_role: 'viewer',
  role_rules: [],
  trusts_mfa: false,
  addresses: {
    entity_id: `${base}/metadata`,
    metadata_url: `${base}/metadata`,
    acs_url: `${base}/acs`,
    slo_url: `${base}/slo`,
  },
  start_url: '/api/v1/auth/sso/1/start',
  revision: 3,
};

function serve(items: unknown[]) {
  return new CannedServer({
    'GET /auth/me': person(rights),
    'GET /sso/providers': { items },
    'GET /organizations/o/roles': { items: [] },
  });
}

afterEach(leave);

test('SAML is set up by pasted metadata and attribute names', async () => {
  const server = serve([]);
  server.answer('POST /sso/providers', provider);
  await visit('/admin/sso');
  fireEvent.click(await screen.findByTestId('add-provider'));
  fireEvent.change(await screen.findByTestId('provider-kind'), { target: { value: 'saml' } });
  type(await screen.findByTestId('saml-metadata'), '<EntityDescriptor/>');
  type('saml-email_attribute', ' mail ');
  type('provider-name', 'Company');
  press('save-provider');
  await waitFor(() => expect(server.changes).toHaveLength(1));
  const config = {
    metadata: '<EntityDescriptor/>',
    metadata_url: '',
    binding: 'redirect',
    email_attribute: 'mail',
    idp_initiated: false,
  };
  expect(server.changes[0]).toMatchObject(['POST /sso/providers', { kind: 'saml', config }]);
});

test('what the provider must be told can be copied', async () => {
  serve([provider]);
  await visit('/admin/sso');
  const card = await screen.findByTestId('provider');
  expect(within(card).getByText('Our address for answers (ACS)')).toBeTruthy();
  expect(within(card).getByText(`${base}/acs`)).toBeTruthy();
  expect(within(card).getByText(`${base}/slo`)).toBeTruthy();
});

test('another address is read anew, and a refusal stands at its field', async () => {
  const server = serve([provider]);
  const route = `PATCH /sso/providers/${provider.id}`;
  const pointer = '/config/metadata_url';
  server.answer(
    route,
    problem(422, 'outbound_refused', 'It is not reached.', [{ pointer, detail: 'no' }]),
  );
  await visit('/admin/sso');
  fireEvent.click(await screen.findByTestId('edit-provider'));
  expect((await screen.findByTestId('saml-entity')).textContent).toContain('https://idp.example');
  type('saml-metadata_url', 'https://idp.example/new');
  expect((screen.getByTestId('saml-metadata') as HTMLTextAreaElement).value).toBe('');
  press('save-provider');
  await waitFor(() => expect(server.changes).toHaveLength(1));
  const config = { metadata: '', metadata_url: 'https://idp.example/new' };
  expect(server.changes[0]?.[1]).toMatchObject({ config });
  const field = await screen.findByTestId('saml-metadata_url');
  await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
  expect(screen.getByTestId('saml-metadata').getAttribute('aria-invalid')).not.toBe('true');
});
