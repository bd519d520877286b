// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import type { Model } from '@/net/api';
import { modelsQuery } from '../../models/queries';
import { Detect } from './Detect';
import { useDetectors, type Detection } from './useDetection';

const model = (id: string, task: string, state = 'ready') =>
  ({ id, name: id, task, state }) as unknown as Model;

const detector = model('boxes', 'detection');
const pair = model('names', 'image_text');

const start = vi.fn<(detector?: string) => void>();

/** The panel's foot as it is when these models are registered. */
function Foot() {
  const detection: Detection = {
    ...useDetectors(),
    state: 'idle',
    share: undefined,
    problem: null,
    start,
    cancel: () => {},
  };
  return <Detect detection={detection} similar={idle} roomy />;
}

const idle = { busy: false, start: () => {}, cancel: () => {} };

function show(models: readonly Model[]) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(modelsQuery.queryKey, { items: [...models] } as never);
  return render(
    <QueryClientProvider client={client}>
      <Foot />
    </QueryClientProvider>,
  );
}

const byNames = () => screen.queryByTestId('detect-by-names');

afterEach(() => {
  cleanup();
  start.mockClear();
});

test('labels are looked for by their names where a model for it is ready', async () => {
  show([detector, pair]);
  await userEvent.setup().click(byNames()!);
  expect(start).toHaveBeenCalledWith('names');
  // It is no detector that could be chosen for everything.
  expect(screen.queryByTestId('detector-choice')).toBeNull();
});

test('it is there without any detector', () => {
  show([pair]);
  expect(byNames()).not.toBeNull();
  expect(screen.queryByTestId('detect-button')).toBeNull();
});

test('nothing of it is there where no model can do it, or its weights are missing', () => {
  show([detector]);
  expect(byNames()).toBeNull();
  cleanup();
  show([detector, model('names', 'image_text', 'missing')]);
  expect(byNames()).toBeNull();
  expect(screen.getByTestId('detect-button')).not.toBeNull();
});
