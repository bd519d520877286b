// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keyChoice } from '@/editor/keys/keysOf';
import { kPlainLook, lookFrom } from '@/editor/look';
import { kMaskDefaults, maskSetting } from '@/editor/masks/maskSettings';
import type { Model } from '@/net/api';
import { preferences } from '@/net/preferences';
import { modelsQuery } from '../models/queries';
import { kEditorChoices, kGrouping, kHoles, kLook, kSnapping } from './choices';
import EditorSettings from './EditorSettings';

const detector = (id: string) =>
  ({ id, name: id, task: 'detection', installed: true, enabled: true }) as unknown as Model;

function show(models: readonly Model[] = []) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(modelsQuery.queryKey, { items: [...models] } as never);
  render(
    <QueryClientProvider client={client}>
      <EditorSettings />
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

const look = () => lookFrom(preferences.get<unknown>(kLook, null));
const part = (name: string) => within(screen.getByRole('region', { name }));

beforeEach(() => preferences.reset(kEditorChoices));
afterEach(cleanup);

test('each control shows what the editor keeps, and keeps what is chosen', async () => {
  preferences.set(kLook, { ...kPlainLook, rulers: true });
  const user = show();
  const rulers = screen.getByRole('checkbox', { name: 'Rulers, guides' });
  expect(rulers).toHaveProperty('checked', true);
  await user.click(screen.getByRole('checkbox', { name: 'Minimap' }));
  await user.click(screen.getByRole('checkbox', { name: 'Outlines only' }));
  await user.selectOptions(screen.getByLabelText('Colour by'), 'object');
  expect(look()).toEqual({
    ...kPlainLook,
    rulers: true,
    minimap: true,
    outlineOnly: true,
    colorBy: 'object',
  });
  await user.click(screen.getByRole('checkbox', { name: 'Snap' }));
  await user.click(screen.getByRole('checkbox', { name: 'Cut holes' }));
  expect([preferences.get(kSnapping, true), preferences.get(kHoles, false)]).toEqual([false, true]);
  await user.click(screen.getByRole('radio', { name: 'Square' }));
  await user.click(screen.getByRole('checkbox', { name: 'Connected only' }));
  expect([maskSetting('form'), maskSetting('contiguous')]).toEqual(['square', false]);
  await user.selectOptions(screen.getByLabelText('Group the list'), 'By label');
  expect(preferences.get(kGrouping, 'none')).toBe('label');
  await user.click(screen.getByRole('radio', { name: 'CVAT' }));
  expect(keyChoice().preset).toBe('cvat');
});

test('reset puts all of it back, and keeps keys of one’s own', async () => {
  const user = show();
  await user.click(screen.getByRole('checkbox', { name: 'Crosshair' }));
  await user.click(screen.getByRole('radio', { name: 'Square' }));
  await user.click(screen.getByRole('radio', { name: 'CVAT' }));
  preferences.set('keys', { ...keyChoice(), own: { 'edit.undo': ['Alt+u'] } });
  await user.click(screen.getByRole('button', { name: 'Reset to defaults' }));
  expect(look()).toEqual(kPlainLook);
  expect(maskSetting('form')).toBe(kMaskDefaults.form);
  expect(screen.getByRole('checkbox', { name: 'Crosshair' })).toHaveProperty('checked', true);
  expect(keyChoice()).toMatchObject({ preset: 'annotateai', own: { 'edit.undo': ['Alt+u'] } });
});

test('a detector can be chosen where there are several', async () => {
  const user = show([detector('first'), detector('second')]);
  await user.selectOptions(part('Models under the hand').getByLabelText('Detector'), 'second');
  expect(preferences.get('ai.detector', null)).toBe('second');
  cleanup();
  show([detector('first')]);
  expect(screen.queryByLabelText('Detector')).toBeNull();
});
