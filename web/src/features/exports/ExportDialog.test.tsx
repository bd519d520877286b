// @vitest-environment happy-dom
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TooltipProvider } from '@/ui/Tooltip';
import { ExportDialog } from './ExportDialog';

const followed: string[] = [];
const posted: { url: string; body: unknown }[] = [];
let jobReplies: object[] = [];

class SilentStream {
  addEventListener(): void {}
  close(): void {}
}

function reply(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status });
}

beforeEach(() => {
  followed.length = 0;
  posted.length = 0;
  vi.stubGlobal('EventSource', SilentStream);
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
    if (init?.method === 'POST') {
      posted.push({ url, body: JSON.parse(String(init.body)) });
      return reply(202, { job_id: 'j1' });
    }
    return reply(200, jobReplies.shift() ?? { id: 'j1', state: 'running' });
  });
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    followed.push(this.getAttribute('href') ?? '');
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(props: { beforeExport?: () => Promise<void> } = {}) {
  render(
    <TooltipProvider>
      <ExportDialog projectId="p1" open onOpenChange={() => {}} {...props} />
    </TooltipProvider>,
  );
}

test('one press exports and downloads, after unsaved work is stored', async () => {
  jobReplies = [{ id: 'j1', state: 'succeeded' }];
  const order: string[] = [];
  open({ beforeExport: async () => void order.push(`saved before ${posted.length} requests`) });
  const user = userEvent.setup();
  await user.selectOptions(screen.getByTestId('export-format'), 'coco');
  await user.click(screen.getByTestId('download-export'));
  await waitFor(() => expect(followed).toEqual(['/api/v1/exports/j1/content']));
  expect(order).toEqual(['saved before 0 requests']);
  expect(posted).toEqual([
    { url: '/api/v1/projects/p1/exports', body: { format: 'coco', images: false } },
  ]);
  expect(screen.getByTestId('download-export').textContent).toBe('Download again');
});

test('a failed export shows its reason and can be started again', async () => {
  jobReplies = [{ id: 'j1', state: 'failed', error: { code: 'disk_full', detail: 'No space.' } }];
  open();
  const user = userEvent.setup();
  await user.click(screen.getByTestId('download-export'));
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('No space.'));
  expect(followed).toEqual([]);
  expect(screen.getByTestId('download-export')).toHaveProperty('disabled', false);
});

test('work that cannot be saved stops the export', async () => {
  open({ beforeExport: () => Promise.reject(new Error('Three changes are not saved.')) });
  const user = userEvent.setup();
  await user.click(screen.getByTestId('download-export'));
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('Three changes'));
  expect(posted).toEqual([]);
});
