import { expect, test } from 'vitest';
import type { Job } from '@/net/api';
import { matchesJob, readJobFilter } from './jobFilter';
import { jobKindName } from './jobText';

const job = (id: string, kind: string, over: Partial<Job> = {}): Job => ({
  id,
  kind,
  state: 'succeeded',
  created_by: 'ada',
  ...over,
});
const jobs = [
  job('a', 'export'),
  job('b', 'preannotate', { created_by: 'eve' }),
  job('c', 'model_install', { state: 'failed' }),
];
const ids = (search: Record<string, unknown>) =>
  jobs.filter((one) => matchesJob(one, readJobFilter(search), 'ada')).map((one) => one.id);

test('jobs are filtered by person, state and kind together', () => {
  expect(ids({})).toEqual(['a', 'b', 'c']);
  expect(ids({ mine: true })).toEqual(['a', 'c']);
  expect(ids({ state: 'failed' })).toEqual(['c']);
  expect(ids({ kind: 'preannotation' })).toEqual(['b']);
  expect(ids({ mine: true, kind: 'preannotation' })).toEqual([]);
});

test('what the address says wrongly is left out', () => {
  expect(readJobFilter({ mine: 'yes', state: 'burnt', kind: 7 })).toEqual({});
});

test.each([
  ['preannotate', 'Pre-annotation'],
  ['model_install', 'Installation of a model'],
  ['model_benchmark', 'Measurement of a model'],
  ['odd_thing', 'Odd thing'],
  ['', 'Job'],
])('a job of the kind %j is called %s', (kind, name) =>
  expect(jobKindName(job('x', kind))).toBe(name),
);
