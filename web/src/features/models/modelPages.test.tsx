// @vitest-environment happy-dom
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider, createMemoryHistory } from '@tanstack/react-router';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { queryClient } from '@/app/queryClient';
import { router } from '@/app/routes';
import { TooltipProvider } from '@/ui/Tooltip';

const asset = (id: string, filename: string) => ({
  id,
  filename,
  kind: 'image',
  width: 4,
  height: 3,
  sha256: '',
  size_bytes: 1,
  status: 'ready',
});
const basis = { model: 'mobilenet-features', kind: 'image_features', note: 'Looks alike.' };
const models = [
  {
    id: 'yolox-nano',
    name: 'YOLOX-Nano',
    task: 'detection',
    kind: 'zoo',
    state: 'ready',
    licence: 'Apache-2.0',
    labels: ['dog', 'cat'],
    files: [{ file: 'model.onnx', sha256: 'abc', size_bytes: 5 }],
    homepage: 'https://example.org/yolox',
    good_for: 'Everyday things.',
  },
  {
    id: 'yolov5s',
    name: 'YOLOv5s',
    task: 'detection',
    kind: 'own',
    state: 'not_installed',
    licence: 'AGPL-3.0',
    verified: false,
    steps: ['yolox-nano'],
  },
];
const answers: Record<string, unknown> = {
  '/auth/me': {
    user: { id: 'u', email: 'a@b.co', name: 'Ada' },
    organization: { id: 'o', name: 'Org', role: 'owner' },
    permissions: ['model_write'],
  },
  '/models': { items: models },
  '/models/yolox-nano': models[0],
  '/models/yolov5s': models[1],
  '/models/yolox-nano/benchmark': {
    measured_at: '2026-01-01T00:00:00Z',
    machine: 'Two cores',
    rows: [
      {
        role: 'detector',
        batch: 1,
        load_ms: 90,
        latency_ms: 15.5,
        per_second: 64,
        memory_bytes: 1e6,
        outside_share: 0.1,
      },
    ],
  },
  '/projects/p': { id: 'p', name: 'Street', type: 'detection', labels: [], counts: { assets: 2 } },
  '/projects/p/assets': { items: [asset('a', 'one.jpg'), asset('b', 'two.jpg')] },
  '/jobs': { items: [] },
  '/projects/p/embeddings': { indexed: 1, total: 2, model: 'mobilenet-features', basis },
  '/projects/p/queue': {
    items: [
      {
        asset: asset('a', 'one.jpg'),
        priority: 1,
        reasons: [
          { kind: 'uncertainty', value: 0.5, text: 'The model is only 50 % sure of a dog' },
        ],
      },
    ],
  },
  '/projects/p/search': { items: [{ asset: asset('b', 'two.jpg'), score: 0.91 }], basis },
  '/projects/p/duplicates': {
    groups: [{ assets: [asset('a', 'one.jpg'), asset('b', 'two.jpg')], similarity: 0.97 }],
    basis,
  },
};
const posted: string[] = [];

beforeEach(() => {
  posted.length = 0;
  vi.stubGlobal('fetch', async (input: string, init?: RequestInit) => {
    const path = new URL(input, 'http://x').pathname.replace('/api/v1', '');
    if (init?.method === 'POST') {
      posted.push(path);
      return Response.json({ job_id: 'j' }, { status: 202 });
    }
    if (!(path in answers)) return Response.json({ code: 'not_found' }, { status: 404 });
    return Response.json(answers[path]);
  });
});
afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.unstubAllGlobals();
});

async function visit(address: string) {
  const history = createMemoryHistory({ initialEntries: [address] });
  router.update({ ...router.options, history });
  render(
    <QueryClientProvider client={queryClient}>
      <TooltipProvider>
        <RouterProvider router={router} />
      </TooltipProvider>
    </QueryClientProvider>,
  );
  await router.load();
}

test('the zoo shows cards, finds them by words and says when there is none', async () => {
  await visit('/models');
  await waitFor(() => expect(screen.getAllByTestId('model-card')).toHaveLength(2));
  fireEvent.change(screen.getByTestId('model-search'), { target: { value: 'cat' } });
  await waitFor(() => expect(screen.getAllByTestId('model-card')).toHaveLength(1));
  fireEvent.change(screen.getByTestId('model-search'), { target: { value: 'zebra' } });
  fireEvent.click(await screen.findByText('Show all'));
  await waitFor(() => expect(screen.getAllByTestId('model-card')).toHaveLength(2));
  fireEvent.click(screen.getByTestId('install-model'));
  await waitFor(() => expect(posted).toContain('/models/yolov5s/install'));
});

test('a model of one’s own asks for its file before anything is sent', async () => {
  await visit('/models');
  fireEvent.click(await screen.findByTestId('add-model'));
  fireEvent.click(await screen.findByTestId('start-model-import'));
  expect((await screen.findByTestId('model-problem')).textContent).toMatch(/Choose the file/);
  expect(posted).toEqual([]);
});

test('a model’s page tells its speed, its files and where it comes from', async () => {
  await visit('/models/yolox-nano');
  expect(await screen.findByText('15.5 ms')).toBeTruthy();
  expect(screen.getByText('example.org').getAttribute('href')).toBe('https://example.org/yolox');
  expect(screen.getByText('model.onnx')).toBeTruthy();
  fireEvent.click(screen.getByTestId('measure-model'));
  await waitFor(() => expect(posted).toEqual(['/models/yolox-nano/benchmark']));
});

test('licences that make demands and unproven weights are said plainly', async () => {
  await visit('/models/yolov5s');
  expect(await screen.findByText('Licensed under AGPL-3.0')).toBeTruthy();
  expect(screen.getAllByText('Not run on real weights').length).toBeGreaterThan(0);
  expect(screen.getByText('yolox-nano')).toBeTruthy();
});

test('what to label next comes with its reasons', async () => {
  await visit('/projects/p?view=next');
  expect(await screen.findByText('The model is only 50 % sure of a dog')).toBeTruthy();
  fireEvent.click(await screen.findByTestId('index-images'));
  await waitFor(() => expect(posted).toEqual(['/projects/p/embeddings']));
});

test('images that are alike, and duplicates, say how much', async () => {
  await visit('/projects/p?view=similar&like=a');
  expect(await screen.findByText('91 %')).toBeTruthy();
  expect(screen.getByText('Looks alike.')).toBeTruthy();
  cleanup();
  await visit('/projects/p?view=duplicates');
  expect(await screen.findByText('2 images, alike by 97 %')).toBeTruthy();
});
