import { expect, test } from 'vitest';
import type { Model } from '@/net/api';
import { attributeWords, findingName } from './findingText';
import { isProposer, matchesFilter, noFilter, taskGroup } from './modelText';

const models: Model[] = [
  {
    id: 'yolov5s',
    task: 'detection',
    licence: 'AGPL-3.0',
    state: 'not_installed',
    labels: ['cat'],
  },
  { id: 'movenet', task: 'keypoints', licence: 'Apache-2.0', state: 'ready', name: 'MoveNet' },
  { id: 'ppocr-rec', task: 'text_recognition', licence: 'Apache-2.0', state: 'ready' },
];

function idsOf(filter: Partial<typeof noFilter>): string[] {
  const found = models.filter((model) => matchesFilter(model, { ...noFilter, ...filter }));
  return found.map((model) => model.id);
}

test('models are found by name, task and class', () => {
  expect(idsOf({})).toHaveLength(3);
  expect(idsOf({ query: 'move' })).toEqual(['movenet']);
  expect(idsOf({ query: 'cat' })).toEqual(['yolov5s']);
  expect(idsOf({ query: 'recognition text' })).toEqual(['ppocr-rec']);
  expect(idsOf({ query: 'zebra' })).toEqual([]);
});

test('filters cut by what a model is for, its state and its licence', () => {
  expect(idsOf({ group: 'people' })).toEqual(['movenet']);
  expect(idsOf({ state: 'missing' })).toEqual(['yolov5s']);
  expect(idsOf({ licence: 'permissive', state: 'ready' })).toEqual(['movenet', 'ppocr-rec']);
  expect(idsOf({ licence: 'copyleft' })).toEqual(['yolov5s']);
});

test.each([
  ['detection', 'objects'],
  ['instance_segmentation', 'masks'],
  ['salient_object', 'masks'],
  ['face_landmarks', 'people'],
  ['pose_estimation', 'people'],
  ['text_reading', 'text'],
  ['lines', 'text'],
  ['image_text', 'image'],
  ['depth', 'image'],
  ['objects_3d', 'objects'],
])('%s belongs to %s', (task, group) => expect(taskGroup(task)).toBe(group));

test('only models that answer with shapes propose', () => {
  expect(models.map(isProposer)).toEqual([true, true, false]);
});

test('what was read names a finding, and attributes become words', () => {
  const finding = {
    shape: { type: 'tag' as const },
    class: 'text',
    score: 0.9,
    attributes: { text: 'STOP', age: 33.456, main_hand: 'left' },
  };
  expect(findingName(finding)).toBe('“STOP”');
  expect(attributeWords(finding)).toEqual(['age 33.46', 'main hand left']);
});
