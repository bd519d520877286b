// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import {
  CannedServer,
  address,
  leave,
  person,
  press,
  problem,
  type,
  visit,
} from '@/app/serverFixture';
import { jobShare, progressText } from './JobProgress';

const job = (id: string, state: string, more = {}) => ({
  id,
  state,
  kind: 'export',
  project_id: 'p',
  created_at: '2026-01-01T00:00:00Z',
  ...more,
});

function serve(jobs: object[], permissions = ['job_read', 'job_cancel']) {
  return new CannedServer({
    'GET /auth/me': person(permissions),
    'GET /jobs': { items: jobs },
    'GET /projects': { items: [{ id: 'p', name: 'Street', type: 'detection', labels: [] }] },
  });
}

afterEach(leave);

test('a job tells its project, its progress and why it failed', async () => {
  serve([
    job('a', 'running', { progress: { done: 1200, total: 4800, unit: 'images' } }),
    job('b', 'failed', { error: { code: 'disk_full', detail: 'No space.' }, project_id: null }),
  ]);
  await visit('/jobs');
  const [running, failed] = await screen.findAllByTestId('job-row');
  expect(running?.textContent).toContain('1,200 of 4,800 images');
  expect(within(running!).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25');
  await waitFor(() => expect(within(running!).getByText('Street')).toBeTruthy());
  expect(within(failed!).getByText('No space.')).toBeTruthy();
  expect(within(failed!).getByText('None')).toBeTruthy();
  expect(within(failed!).queryByRole('progressbar')).toBeNull();
});

test('what runs can be cancelled and what failed run again; a refusal is told', async () => {
  const server = serve([job('a', 'running'), job('b', 'failed')]);
  server.answer('POST /jobs/b/retry', problem(409, 'busy', 'Its project is gone.'));
  await visit('/jobs');
  fireEvent.click(await screen.findByTestId('retry-job'));
  expect(await screen.findByText('Its project is gone.')).toBeTruthy();
  fireEvent.click(screen.getByText('Cancel'));
  expect(await screen.findByText('The job could not be cancelled')).toBeTruthy();
  expect(server.changes[0]?.[0]).toBe('POST /jobs/b/retry');
});

test('who may not cancel jobs is not offered it, but still takes what they made', async () => {
  const made = { kind: 'model_import', result: { model_id: 'yolo' } };
  serve([job('a', 'running'), job('b', 'succeeded'), job('c', 'succeeded', made)], ['job_read']);
  await visit('/jobs');
  expect(await screen.findAllByTestId('job-row')).toHaveLength(3);
  expect(screen.queryByText('Cancel')).toBeNull();
  const download = screen.getByText('Download').closest('a')!;
  expect(download.getAttribute('href')).toBe('/api/v1/exports/b/content');
  expect(screen.getByText('Show the model').getAttribute('href')).toBe('/models/yolo');
});

test('filters stand in the address and are asked of the server', async () => {
  const server = serve([job('a', 'running')]);
  await visit('/jobs');
  await screen.findAllByTestId('job-row');
  server.answer('GET /jobs', { items: [] });
  type('job-state', 'failed');
  expect(await screen.findByText('No job matches')).toBeTruthy();
  type('job-kind', 'index');
  await waitFor(() => expect(address()).toBe('/jobs?state=failed&kind=index'));
  fireEvent.click(screen.getByText('Mine'));
  await waitFor(() => expect(address()).toContain('mine=true'));
  await waitFor(() =>
    expect(server.sent.filter(({ call }) => call === 'GET /jobs').at(-1)?.query).toEqual({
      mine: 'true',
      state: 'failed',
      group: 'index',
      limit: '50',
    }),
  );
  fireEvent.click(await screen.findByText('Show all'));
  expect(await screen.findByTestId('job-row')).toBeTruthy();
  expect(address()).toBe('/jobs');
});

test('jobs that cannot be loaded are asked for again', async () => {
  const server = serve([]);
  server.answer('GET /jobs', problem(403, 'forbidden', 'Not you.'));
  await visit('/jobs');
  expect(await screen.findByText('Not you.')).toBeTruthy();
  server.answer('GET /jobs', { items: [job('a', 'failed')] });
  fireEvent.click(screen.getByText('Try again'));
  expect(await screen.findByTestId('job-row')).toBeTruthy();
  server.answer('POST /jobs/a/retry', {});
  press('retry-job');
  await waitFor(() => expect(server.changes).toEqual([['POST /jobs/a/retry', {}]]));
});

test.each([
  [null, undefined, ''],
  [{ id: 'j', state: 'succeeded' } as const, 1, ''],
  [{ id: 'j', state: 'failed' } as const, 0, ''],
  [{ id: 'j', state: 'queued' } as const, undefined, ''],
  [{ id: 'j', state: 'running', progress: { done: 1, total: 0 } } as const, undefined, ''],
  [{ id: 'j', state: 'running', progress: { done: 1, total: 4 } } as const, 0.25, '1 of 4'],
  [
    { id: 'j', state: 'running', progress: { done: 1, total: 4, unit: 'cups' } } as const,
    0.25,
    '1 of 4 cups',
  ],
])('the share of %j is %j', (given, share, text) => {
  expect(jobShare(given)).toBe(share);
  expect(progressText(given)).toBe(text);
});
