// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { CannedServer, leave, person, press, problem, type, visit } from '@/app/serverFixture';

const day = '2026-01-01T00:00:00Z';
const ada = { id: 'u', email: 'ada@example.org', name: 'Ada Lovelace', role: 'owner' };
const bob = { id: 'b', email: 'bob@example.org', name: 'Bob', role: 'viewer' };
const member = (one: typeof ada) => ({ ...one, role_name: one.role, created_at: day });
const role = (id: string, permissions: string[], more = {}) => ({
  id,
  name: id,
  description: '',
  built_in: true,
  permissions,
  members: 0,
  revision: 1,
  ...more,
});
const roles = [
  role('owner', ['member_write', 'role_read', 'role_write', 'organization_delete']),
  role('viewer', ['role_read']),
  role('annotator', []),
  role('painter', ['role_read'], { built_in: false, name: 'Painter', description: 'Paints.' }),
];
const all = ['member_write', 'role_read', 'role_write'];
const o = '/organizations/o';

function serve(permissions = all) {
  return new CannedServer({
    'GET /auth/me': person(permissions),
    [`GET ${o}/members`]: { items: [member(ada), member(bob)] },
    [`GET ${o}/roles`]: { items: roles },
    [`GET ${o}/invitations`]: { items: [] },
    'GET /permissions': {
      permissions: ['role_read', 'role_write', 'audit_read'],
      routes: [
        { method: 'GET', path: '/api/v1/audit', summary: 'Reads', permission: 'audit_read' },
        { method: 'GET', path: '/api/v1/health', summary: 'Is open' },
      ],
    },
  });
}

afterEach(leave);

const rowOf = (name: string) => screen.getByText(name).closest('tr')!;

test('members are listed, and only roles within one’s own rights can be given', async () => {
  const server = serve();
  await visit('/admin/members');
  expect(await screen.findAllByTestId('member-row')).toHaveLength(2);
  // The owner may delete the organization, which this person may not give.
  expect(within(rowOf('Ada Lovelace')).queryByTestId('member-role')).toBeNull();
  expect(within(rowOf('Ada Lovelace')).getByText('You')).toBeTruthy();
  const choice = await within(rowOf('Bob')).findByTestId<HTMLSelectElement>('member-role');
  expect([...choice.options].map((one) => one.value)).toEqual(['viewer', 'annotator', 'painter']);
  server.answer(`PATCH ${o}/members/b`, member({ ...bob, role: 'annotator' }));
  type(choice, 'annotator');
  expect(await screen.findByText('The role is changed')).toBeTruthy();
  expect(server.changes).toEqual([[`PATCH ${o}/members/b`, { role: 'annotator' }]]);
});

test('who may not manage members sees them without tools', async () => {
  serve([]);
  await visit('/admin/members');
  expect(await screen.findAllByTestId('member-row')).toHaveLength(2);
  expect(screen.queryByTestId('remove-member')).toBeNull();
  expect(screen.queryByTestId('member-role')).toBeNull();
});

test('a member is removed only after a second press, and a refusal is told', async () => {
  const server = serve();
  server.answer(`DELETE ${o}/members/b`, problem(409, 'last_owner', 'The last owner stays.'));
  await visit('/admin/members');
  await screen.findAllByTestId('member-row');
  fireEvent.click(within(rowOf('Bob')).getByTestId('remove-member'));
  expect(await screen.findByText('Remove Bob?')).toBeTruthy();
  expect(server.changes).toEqual([]);
  press('confirm-remove');
  expect(await screen.findByText('The last owner stays.')).toBeTruthy();
  expect(screen.getByText('Remove Bob?')).toBeTruthy();
  server.answer(`DELETE ${o}/members/b`, null);
  press('confirm-remove');
  expect(await screen.findByText('Bob is no member any more')).toBeTruthy();
  expect(screen.queryByText('Remove Bob?')).toBeNull();
});

test('the second factor of a member who lost it is reset after a second press', async () => {
  const server = serve();
  const items = [ada, bob].map((one) => ({ ...member(one), second_factor: true }));
  server.answer(`GET ${o}/members`, { items });
  const refusal = problem(409, 'works_elsewhere', 'Works elsewhere too.');
  server.answer(`POST ${o}/members/b/reset-mfa`, refusal);
  await visit('/admin/members');
  await screen.findAllByTestId('member-row');
  expect(within(rowOf('Ada Lovelace')).queryByTestId('reset-mfa')).toBeNull();
  fireEvent.click(within(rowOf('Bob')).getByTestId('reset-mfa'));
  expect(await screen.findByText('Reset the second factor of Bob?')).toBeTruthy();
  press('confirm-reset-mfa');
  expect(await screen.findByText('Works elsewhere too.')).toBeTruthy();
  server.answer(`POST ${o}/members/b/reset-mfa`, null);
  press('confirm-reset-mfa');
  expect(await screen.findByText('Bob has no second factor any more')).toBeTruthy();
});

test('a member can be signed out everywhere', async () => {
  const server = serve();
  server.answer(`DELETE ${o}/members/b/sessions`, null);
  await visit('/admin/members');
  await screen.findAllByTestId('member-row');
  fireEvent.click(within(rowOf('Bob')).getByLabelText('Sign out'));
  expect(await screen.findByText('Bob is signed out everywhere')).toBeTruthy();
  expect(server.changes).toEqual([[`DELETE ${o}/members/b/sessions`, undefined]]);
});

test('further members come by a press, from where the first page ended', async () => {
  const server = serve();
  server.answer(`GET ${o}/members`, ({ query }: { query: Record<string, string> }) =>
    query.cursor === 'c2' ? { items: [member(bob)] } : { items: [member(ada)], next_cursor: 'c2' },
  );
  await visit('/admin/members');
  fireEvent.click(await screen.findByText('Show more'));
  await waitFor(() => expect(screen.getAllByTestId('member-row')).toHaveLength(2));
  expect(screen.queryByText('Show more')).toBeNull();
});

test('members that cannot be loaded are asked for again by a press', async () => {
  const server = serve();
  server.answer(`GET ${o}/members`, problem(403, 'forbidden', 'Not you.'));
  await visit('/admin/members');
  expect(await screen.findByText('Not you.')).toBeTruthy();
  server.answer(`GET ${o}/members`, { items: [member(bob)] });
  fireEvent.click(screen.getByText('Try again'));
  expect(await screen.findByTestId('member-row')).toBeTruthy();
});

const invitation = (state: string, email: string) => ({
  id: email,
  email,
  role: 'viewer',
  role_name: 'viewer',
  state,
  created_at: day,
  expires_at: day,
});

test('an invitation is sent with the address trimmed and the role chosen', async () => {
  const server = serve();
  server.answer(`POST ${o}/invitations`, { invitation: invitation('open', 'eve@example.org') });
  await visit('/admin/invitations');
  expect(await screen.findByText('Nobody is invited')).toBeTruthy();
  press('invite');
  expect((await screen.findByTestId('send-invitation')).hasAttribute('disabled')).toBe(true);
  type('invite-email', ' eve@example.org ');
  type('invite-role', 'viewer');
  press('send-invitation');
  expect(await screen.findByText('The invitation is on its way to eve@example.org')).toBeTruthy();
  const body = { email: 'eve@example.org', role: 'viewer' };
  expect(server.changes).toEqual([[`POST ${o}/invitations`, body]]);
  expect(screen.queryByTestId('invite-email')).toBeNull();
});

test('without letters the link is shown once, with its secret behind the hash', async () => {
  const server = serve();
  server.answer(`POST ${o}/invitations`, {
    invitation: invitation('open', 'eve@example.org'),
    token: 's3cret',
  });
  await visit('/admin/invitations');
  fireEvent.click(await screen.findByTestId('invite'));
  type('invite-email', 'eve@example.org');
  press('send-invitation');
  const link = await screen.findByTestId<HTMLInputElement>('invitation-link');
  expect(link.value).toBe(`${window.location.origin}/join#token=s3cret`);
  fireEvent.click(screen.getByText('Copy'));
  expect(await screen.findByText('Copied')).toBeTruthy();
});

test('a refused invitation keeps the form and tells why', async () => {
  const server = serve();
  server.answer(`POST ${o}/invitations`, problem(422, 'domain', 'Only example.com may join.'));
  await visit('/admin/invitations');
  fireEvent.click(await screen.findByTestId('invite'));
  type('invite-email', 'eve@example.org');
  press('send-invitation');
  expect((await screen.findByRole('alert')).textContent).toBe('Only example.com may join.');
  expect(screen.getByTestId<HTMLInputElement>('invite-email').value).toBe('eve@example.org');
});

test('only open invitations can be revoked', async () => {
  const server = serve();
  server.answer(`GET ${o}/invitations`, {
    items: [invitation('open', 'one@example.org'), invitation('expired', 'two@example.org')],
  });
  server.answer(`DELETE ${o}/invitations/one%40example.org`, null);
  await visit('/admin/invitations');
  expect(await screen.findAllByTestId('invitation-row')).toHaveLength(2);
  expect(within(rowOf('two@example.org')).queryByText('Revoke')).toBeNull();
  fireEvent.click(within(rowOf('one@example.org')).getByText('Revoke'));
  expect(await screen.findByText('The invitation is revoked')).toBeTruthy();
});

test('a part that the role does not show names the permission it needs', async () => {
  const server = serve([]);
  await visit('/admin/invitations');
  expect(await screen.findByText(/needs the permission member_write/)).toBeTruthy();
  leave();
  serve([]);
  await visit('/admin/roles');
  expect(await screen.findByText(/needs the permission role_read/)).toBeTruthy();
  expect(server.sent.map(({ call }) => call)).not.toContain(`GET ${o}/invitations`);
});

const cardOf = (name: string) => screen.getByText(name, { selector: 'strong' }).closest('li')!;

test('built-in roles have no tools; the table tells who may what and what it opens', async () => {
  serve();
  await visit('/admin/roles');
  expect(await screen.findAllByTestId('role-card')).toHaveLength(4);
  expect(within(cardOf('owner')).queryByTestId('edit-role')).toBeNull();
  expect(within(cardOf('Painter')).getByText('Paints.')).toBeTruthy();
  const table = screen.getByTestId('permission-matrix');
  const read = within(table).getByText('See roles').closest('tr')!;
  expect(within(read).getByText('viewer has it')).toBeTruthy();
  expect(within(read).getByText('annotator does not have it')).toBeTruthy();
  const audit = within(table).getByText('Read the audit trail').closest('tr')!;
  expect(within(audit).getByText('GET /audit')).toBeTruthy();
});

test('a new role holds what was picked, of what one may oneself', async () => {
  const server = serve();
  server.answer(`POST ${o}/roles`, role('x', []));
  await visit('/admin/roles');
  fireEvent.click(await screen.findByTestId('new-role'));
  expect(screen.getByTestId('save-role').hasAttribute('disabled')).toBe(true);
  type('role-name', '  Looker ');
  const pick = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name });
  expect(pick('Read the audit trail').disabled).toBe(true);
  fireEvent.click(pick('Make and change roles'));
  fireEvent.click(pick('See roles'));
  fireEvent.click(pick('Make and change roles'));
  press('save-role');
  expect(await screen.findByText('The role is saved')).toBeTruthy();
  const body = { name: 'Looker', description: '', permissions: ['role_read'] };
  expect(server.changes).toEqual([[`POST ${o}/roles`, body]]);
});

test('a role is edited in place, and its refusal is shown at its name', async () => {
  const server = serve();
  server.answer(`PATCH ${o}/roles/painter`, problem(409, 'taken', 'That name is taken.'));
  await visit('/admin/roles');
  await screen.findAllByTestId('role-card');
  fireEvent.click(within(cardOf('Painter')).getByTestId('edit-role'));
  expect(screen.getByTestId<HTMLInputElement>('role-name').value).toBe('Painter');
  type('role-name', 'viewer');
  press('save-role');
  expect((await screen.findByRole('alert')).textContent).toBe('That name is taken.');
  const body = { name: 'viewer', description: 'Paints.', permissions: ['role_read'] };
  expect(server.changes).toEqual([[`PATCH ${o}/roles/painter`, body]]);
});

test('a role that somebody has is not deleted', async () => {
  const server = serve();
  const held = role('held', [], { built_in: false, name: 'Held', members: 1 });
  server.answer(`GET ${o}/roles`, { items: [held, roles[3]] });
  server.answer(`DELETE ${o}/roles/painter`, null);
  await visit('/admin/roles');
  await screen.findAllByTestId('role-card');
  expect(within(cardOf('Held')).getByTestId('delete-role').hasAttribute('disabled')).toBe(true);
  expect(within(cardOf('Held')).getByText('1 member')).toBeTruthy();
  fireEvent.click(within(cardOf('Painter')).getByTestId('delete-role'));
  expect(await screen.findByText('The role is deleted')).toBeTruthy();
  expect(server.changes).toEqual([[`DELETE ${o}/roles/painter`, undefined]]);
});
