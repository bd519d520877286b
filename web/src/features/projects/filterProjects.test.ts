import { expect, test } from 'vitest';
import type { Project } from '@/net/api';
import { filterProjects } from './filterProjects';

const projects: Project[] = [
  { id: '1', name: 'Street scenes', type: 'detection', labels: [] },
  {
    id: '2',
    name: 'Kitchen',
    type: 'segmentation',
    labels: [{ id: 'l', name: 'Bowl', color: '#000000', kind: 'any', attributes: [] }],
  },
];

test.each([
  [{}, ['1', '2']],
  [{ q: 'STREET' }, ['1']],
  [{ q: 'bowl kit' }, ['2']],
  [{ q: 'bowl street' }, []],
  [{ type: 'segmentation' as const }, ['2']],
  [{ q: 'street', type: 'segmentation' as const }, []],
])('%j finds %j', (filter, ids) => {
  expect(filterProjects(projects, filter).map((project) => project.id)).toEqual(ids);
});
