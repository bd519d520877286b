import { expect, test } from 'vitest';
import { actionText } from './auditText';

test('actions are readable', () => {
  expect(actionText('project.add_labels')).toBe('Project: add labels');
  expect(actionText('session.start')).toBe('Session: start');
  expect(actionText('import')).toBe('Import');
  expect(actionText('')).toBe('');
});
