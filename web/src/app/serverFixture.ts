/** The whole app in front of a server of canned answers, for tests of pages. */
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider, createMemoryHistory } from '@tanstack/react-router';
import { cleanup, configure, fireEvent, render, screen } from '@testing-library/react';
import { createElement } from 'react';
import { vi } from 'vitest';
import type { Me } from '@/net/api';
import { dismissToast, toast } from '@/ui/Toast';
import { TooltipProvider } from '@/ui/Tooltip';
import { queryClient } from './queryClient';
import { router } from './routes';

// A page takes seconds on a busy machine.
configure({ asyncUtilTimeout: 10_000 });

export interface Sent {
  /** Method and path, such as `PATCH /projects/p`. */
  call: string;
  query: Record<string, string>;
  body: unknown;
}

/** What is sent back, a whole Response, or a function of what was sent. */
export type Answers = Record<string, unknown>;

export function problem(
  status: number,
  code: string,
  detail: string,
  errors: { pointer: string; detail: string }[] = [],
): Response {
  return Response.json({ code, detail, errors }, { status });
}

export function person(permissions: string[] = [], more: Partial<Me> = {}): Me {
  return {
    user: { id: 'u', email: 'ada@example.org', name: 'Ada Lovelace' },
    organization: { id: 'o', name: 'Engines', role: 'owner' },
    permissions,
    email_verified: true,
    restraint: 'none',
    ...more,
  };
}

export class CannedServer {
  readonly sent: Sent[] = [];

  constructor(private readonly answers: Answers) {
    vi.stubGlobal('fetch', (url: string, init?: RequestInit) => this.receive(url, init));
  }

  answer(call: string, value: unknown): void {
    this.answers[call] = value;
  }

  /** Everything that asked for a change, with what it carried. */
  get changes(): [call: string, body: unknown][] {
    const changes = this.sent.filter(({ call }) => !call.startsWith('GET '));
    return changes.map(({ call, body }) => [call, body]);
  }

  private async receive(url: string, init?: RequestInit): Promise<Response> {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const call = `${init?.method ?? 'GET'} ${pathname.replace('/api/v1', '')}`;
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
    const sent = { call, query: Object.fromEntries(searchParams), body };
    this.sent.push(sent);
    if (!(call in this.answers)) return problem(404, 'not_found', `No answer to ${call}.`);
    const found = this.answers[call];
    const value: unknown = typeof found === 'function' ? found(sent) : found;
    if (value instanceof Response) return value.clone();
    return value === null ? new Response(null, { status: 204 }) : Response.json(value);
  }
}

export async function visit(address: string): Promise<void> {
  const history = createMemoryHistory({ initialEntries: [address] });
  router.update({ ...router.options, history });
  const page = createElement(TooltipProvider, null, createElement(RouterProvider, { router }));
  render(createElement(QueryClientProvider, { client: queryClient }, page));
  await router.load();
}

export function address(): string {
  return router.state.location.href;
}

export function leave(): void {
  // What one test told must not answer for the next one.
  for (let id = toast({ title: 'last' }); id > 0; id -= 1) dismissToast(id);
  cleanup();
  queryClient.clear();
  vi.unstubAllGlobals();
}

export function type(testIdOrField: string | HTMLElement, value: string): void {
  const field =
    typeof testIdOrField === 'string' ? screen.getByTestId(testIdOrField) : testIdOrField;
  fireEvent.change(field, { target: { value } });
}

export function press(testId: string): void {
  fireEvent.click(screen.getByTestId(testId));
}
