import { expect, test } from 'vitest';
import type { Job } from '@/net/api';
import { endedJobs } from './news';

const now = Date.parse('2026-06-10T12:00:00Z');
const all = { mentions: true, finished: true, failed: true };
const job = (id: string, over: Partial<Job> = {}): Job => ({
  id,
  state: 'succeeded',
  created_by: 'ada',
  finished_at: '2026-06-10T11:00:00Z',
  ...over,
});
const jobs = [
  job('export'),
  job('failed', { state: 'failed', finished_at: '2026-06-10T11:30:00Z' }),
  job('running', { state: 'running', finished_at: undefined }),
  job('cancelled', { state: 'cancelled' }),
  job('eves', { created_by: 'eve' }),
  job('old', { finished_at: '2026-05-01T00:00:00Z' }),
];
const ids = (seenAt: string, choice = all) =>
  endedJobs(jobs, 'ada', seenAt, choice, now).map((one) => one.id);

test('own jobs that ended lately are news, the latest first', () => {
  expect(ids('')).toEqual(['failed', 'export']);
});

test('what ended before one last looked is none', () => {
  expect(ids('2026-06-10T11:15:00Z')).toEqual(['failed']);
  expect(ids('2026-06-10T11:30:00Z')).toEqual([]);
});

test('kinds may be switched off', () => {
  expect(ids('', { ...all, finished: false })).toEqual(['failed']);
  expect(ids('', { ...all, failed: false })).toEqual(['export']);
});
