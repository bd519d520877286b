// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { CannedServer, leave, person, press, problem, type, visit } from '@/app/serverFixture';

const o = '/organizations/o';
const record = (sequence: number, more = {}) => ({
  sequence,
  actor_id: 'u',
  action: 'project.add_labels',
  object_type: 'project',
  object_id: 'street',
  outcome: 'done',
  ip: '192.0.2.1',
  user_agent: '',
  at: '2026-01-01T10:00:00Z',
  request_id: 'r1',
  hash: 'abcdef',
  detail: { names: ['dog'] },
  ...more,
});
const head = {
  sequence: 1200,
  hash: 'feed',
  signed_at: '2026-01-01T10:00:00Z',
  public_key: '',
  signature: '',
};

function serve(permissions = ['audit_read']) {
  return new CannedServer({
    'GET /auth/me': person(permissions),
    [`GET ${o}/members`]: { items: [{ id: 'u', name: 'Ada', email: 'a@b.co', role: 'owner' }] },
    [`GET ${o}/audit`]: { items: [record(2, { outcome: 'denied', actor_id: 'x' }), record(1)] },
    [`GET ${o}/audit/head`]: head,
  });
}

afterEach(leave);

test('entries tell what was done by whom, and what was denied', async () => {
  serve();
  await visit('/admin/audit');
  const rows = await screen.findAllByTestId('audit-row');
  expect(rows[0]?.textContent).toContain('Denied');
  expect(rows[1]?.textContent).not.toContain('Denied');
  await waitFor(() => expect(within(rows[1]!).getByText('Ada')).toBeTruthy());
  // Nobody of that id is a member any more.
  expect(within(rows[0]!).getByText('x')).toBeTruthy();
  expect((await screen.findByTestId('audit-length')).textContent).toBe('1,200 entries');
});

test('an entry opens with all that is known, without what is empty', async () => {
  const server = serve();
  server.answer(`GET ${o}/audit`, { items: [record(7, { actor_id: '', ip: undefined })] });
  await visit('/admin/audit');
  fireEvent.click(await screen.findByLabelText('Project: add labels: details of entry 7'));
  const dialog = await screen.findByTestId('audit-entry');
  expect(within(dialog).getByText('project street')).toBeTruthy();
  expect(within(dialog).getByText('The system')).toBeTruthy();
  expect(within(dialog).getByText('erased')).toBeTruthy();
  expect(within(dialog).queryByText('Program')).toBeNull();
  expect(within(dialog).getByLabelText('Detail').textContent).toContain('"dog"');
});

test('a search asks the server, and the exports are of what was searched', async () => {
  const server = serve();
  await visit('/admin/audit');
  await screen.findAllByTestId('audit-row');
  server.answer(`GET ${o}/audit`, { items: [] });
  type(screen.getByLabelText('Action'), 'project.');
  type(screen.getByLabelText('Outcome'), 'denied');
  type(screen.getByLabelText('Object'), ' street ');
  press('audit-search');
  expect(await screen.findByText('Nothing was found')).toBeTruthy();
  const filter = { action: 'project.', object_id: 'street', outcome: 'denied' };
  expect(server.sent.at(-1)?.query).toEqual({ ...filter, limit: '50' });
  const href = screen.getByTestId('audit-export-csv').getAttribute('href')!;
  const asked = new URL(href, 'http://x');
  expect(asked.pathname).toBe(`/api/v1${o}/audit/export`);
  expect(Object.fromEntries(asked.searchParams)).toEqual({ ...filter, format: 'csv' });
  fireEvent.click(screen.getByText('Reset'));
  expect(await screen.findAllByTestId('audit-row')).toHaveLength(2);
  expect(screen.getByLabelText<HTMLInputElement>('Action').value).toBe('');
});

test('more entries come from where the first page ended', async () => {
  const server = serve();
  server.answer(`GET ${o}/audit`, ({ query }: { query: Record<string, string> }) =>
    query.cursor === 'c' ? { items: [record(1)] } : { items: [record(2)], next_cursor: 'c' },
  );
  await visit('/admin/audit');
  fireEvent.click(await screen.findByText('Show more'));
  await waitFor(() => expect(screen.getAllByTestId('audit-row')).toHaveLength(2));
});

test('the chain is verified on demand, and the first bad entry is named', async () => {
  const server = serve();
  const call = `GET ${o}/audit/verification`;
  server.answer(call, { holds: true, entries: 1200, signatures: 3 });
  await visit('/admin/audit');
  fireEvent.click(await screen.findByTestId('audit-verify'));
  expect(await screen.findByText(/1,200 entries, 3 signatures checked/)).toBeTruthy();
  server.answer(call, {
    holds: false,
    entries: 1200,
    signatures: 3,
    first_bad: 41,
    problem: 'Its hash differs.',
  });
  press('audit-verify');
  expect(await screen.findByText('Entry 41 is the first bad one')).toBeTruthy();
  expect(screen.getByText('Its hash differs.')).toBeTruthy();
  server.answer(call, problem(403, 'forbidden', 'Not now.'));
  press('audit-verify');
  expect(await screen.findByText('The chain could not be verified')).toBeTruthy();
});

test('the trail is refused to others, and a failure is told', async () => {
  const refused = serve([]);
  await visit('/admin/audit');
  expect(await screen.findByText('The audit trail is for administrators')).toBeTruthy();
  expect(refused.sent.some(({ call }) => call.includes('/audit'))).toBe(false);
  leave();
  const server = serve();
  server.answer(`GET ${o}/audit`, problem(403, 'forbidden', 'Not you.'));
  await visit('/admin/audit');
  expect(await screen.findByText('Not you.')).toBeTruthy();
});

const hook = (more = {}) => ({
  id: 'h',
  name: 'Builds',
  url: 'https://example.org/in',
  events: ['project.*'],
  active: true,
  failures: 0,
  created_at: '2026-01-01T10:00:00Z',
  ...more,
});

function serveHooks(hooks: object[], permissions = ['webhook_read', 'webhook_write']) {
  return new CannedServer({
    'GET /auth/me': person(permissions),
    'GET /webhooks': { items: hooks },
  });
}

test('the first webhook is added, and its secret is shown once', async () => {
  const server = serveHooks([]);
  server.answer('POST /webhooks', { webhook: hook(), secret: 'whsec' });
  await visit('/admin/webhooks');
  expect(await screen.findByText('No webhooks yet')).toBeTruthy();
  press('add-webhook');
  type(await screen.findByLabelText('Name'), 'Builds');
  type(screen.getByLabelText('URL'), 'https://example.org/in');
  type(screen.getByLabelText('Events'), 'project.*, asset.create\n job.*');
  press('save-webhook');
  expect(await screen.findByText('whsec')).toBeTruthy();
  const events = ['project.*', 'asset.create', 'job.*'];
  const body = { name: 'Builds', url: 'https://example.org/in', events };
  expect(server.changes).toEqual([['POST /webhooks', body]]);
  press('secret-done');
  await waitFor(() => expect(screen.queryByText('whsec')).toBeNull());
});

test('a refused webhook is told at its field, or below when it has none', async () => {
  const server = serveHooks([hook()]);
  const detail = 'no such event';
  server.answer(
    'PATCH /webhooks/h',
    problem(422, 'invalid_body', 'Bad input', [{ pointer: '/events/0', detail }]),
  );
  await visit('/admin/webhooks');
  fireEvent.click(await screen.findByLabelText('Change Builds'));
  press('save-webhook');
  expect((await screen.findByRole('alert')).textContent).toBe(detail);
  expect(screen.getByLabelText('Events').getAttribute('aria-invalid')).toBe('true');
  server.answer('PATCH /webhooks/h', problem(409, 'too_many', 'Too many webhooks.'));
  press('save-webhook');
  expect(await screen.findByText('Too many webhooks.')).toBeTruthy();
  expect(screen.getByText('The webhook could not be saved')).toBeTruthy();
});

test.each([
  [{ active: false, disabled_reason: 'failures' }, 'Switched off after failures'],
  [{ active: false }, 'Switched off'],
  [{ failures: 2 }, 'Failing'],
  [{}, 'Active'],
])('a webhook with %j is said to be “%s”', async (more, text) => {
  serveHooks([hook(more)]);
  await visit('/admin/webhooks');
  expect(await screen.findByText(text)).toBeTruthy();
  const off = 'active' in more;
  expect(screen.getByTestId('webhook-ping').hasAttribute('disabled')).toBe(off);
  expect(screen.queryByText('Switch on') !== null).toBe(off);
});

test('webhooks are pinged, switched, given a new secret and deleted', async () => {
  const server = serveHooks([hook()]);
  server.answer('POST /webhooks/h/ping', {});
  server.answer('PATCH /webhooks/h', hook());
  server.answer('POST /webhooks/h/secret', { webhook: hook(), secret: 'fresh' });
  server.answer('DELETE /webhooks/h', null);
  await visit('/admin/webhooks');
  fireEvent.click(await screen.findByTestId('webhook-ping'));
  expect(await screen.findByText('A ping is on its way')).toBeTruthy();
  fireEvent.click(screen.getByText('Switch off'));
  await waitFor(() => expect(server.changes).toHaveLength(2));
  expect(server.changes[1]).toEqual(['PATCH /webhooks/h', { active: false }]);
  fireEvent.click(screen.getByText('New secret'));
  expect(await screen.findByText('fresh')).toBeTruthy();
  press('secret-done');
  press('webhook-delete');
  expect(await screen.findByText('Delete Builds?')).toBeTruthy();
  expect(server.changes.some(([call]) => call.startsWith('DELETE'))).toBe(false);
  press('confirm-delete-webhook');
  await waitFor(() => expect(server.changes.at(-1)?.[0]).toBe('DELETE /webhooks/h'));
});

test('who may only look has no tools; who may not look is told so', async () => {
  serveHooks([hook()], ['webhook_read']);
  await visit('/admin/webhooks');
  expect(await screen.findByTestId('webhook-deliveries')).toBeTruthy();
  expect(screen.queryByTestId('webhook-delete')).toBeNull();
  expect(screen.queryByTestId('add-webhook')).toBeNull();
  leave();
  const server = serveHooks([hook()], []);
  await visit('/admin/webhooks');
  expect(await screen.findByText('Webhooks are for administrators')).toBeTruthy();
  expect(server.sent.some(({ call }) => call === 'GET /webhooks')).toBe(false);
});

const delivery = (id: string, state: string) => ({
  id,
  webhook_id: 'h',
  event: `project.${id}`,
  state,
  tries: 1,
  created_at: '2026-01-01T10:00:00Z',
});

test('deliveries show their attempts and are sent again unless they still wait', async () => {
  const server = serveHooks([hook()]);
  server.answer('GET /webhooks/h/deliveries', {
    items: [delivery('a', 'failed'), delivery('b', 'queued'), delivery('c', 'delivered')],
  });
  server.answer('GET /deliveries/a', {
    delivery: delivery('a', 'failed'),
    body: { name: 'street' },
    attempts: [
      { number: 1, at: '2026-01-01T10:00:00Z', took_ms: 9, status: 500, answer: 'oh no' },
      { number: 2, at: '2026-01-01T10:01:00Z', took_ms: 3, problem: 'refused', answer: '' },
    ],
  });
  server.answer('POST /deliveries/a/redeliver', problem(409, 'off', 'It is switched off.'));
  await visit('/admin/webhooks');
  fireEvent.click(await screen.findByTestId('webhook-deliveries'));
  const rows = await screen.findAllByTestId('delivery');
  expect(rows.map((row) => row.textContent)).toEqual([
    expect.stringContaining('Failed'),
    expect.stringContaining('Waiting'),
    expect.stringContaining('Delivered'),
  ]);
  const again = screen.getAllByTestId<HTMLButtonElement>('redeliver');
  expect(again.map((one) => one.disabled)).toEqual([false, true, false]);
  fireEvent.click(screen.getByText('project.a'));
  const attempts = await screen.findAllByTestId('attempt');
  expect(attempts[0]?.textContent).toContain('500');
  expect(attempts[0]?.textContent).toContain('oh no');
  expect(attempts[1]?.textContent).toContain('no answer refused');
  fireEvent.click(again[0]!);
  await waitFor(() => expect(server.changes).toEqual([['POST /deliveries/a/redeliver', {}]]));
  expect(await screen.findByText('It is switched off.')).toBeTruthy();
});
