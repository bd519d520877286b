import { expect, test } from 'vitest';
import { readJobFilter, showsAll } from './jobFilter';
import { jobKindName, jobSort } from './jobText';

test('filters stand in the address', () => {
  const filter = { mine: true, state: 'failed', kind: 'model' };
  expect(readJobFilter(filter)).toEqual(filter);
  expect(showsAll(readJobFilter({}))).toBe(true);
  for (const [name, value] of Object.entries(filter)) {
    expect(showsAll(readJobFilter({ [name]: value }))).toBe(false);
  }
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
  expect(jobKindName({ id: 'x', state: 'succeeded', kind })).toBe(name),
);

test.each([
  ['preannotate', 'preannotation'],
  ['export', 'export'],
  ['import', 'import'],
  ['embed', 'index'],
  ['model_import', 'model'],
  ['revert', 'other'],
])('the kind %j is of the group %s, as the server says too', (kind, group) =>
  expect(jobSort({ id: 'x', state: 'queued', kind })).toBe(group),
);
