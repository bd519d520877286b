// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { CannedServer, address, leave, person, problem, type, visit } from '@/app/serverFixture';
import { projectTemplates } from './projectTemplates';

const names = ['car', 'bus', 'tram', 'bike', 'van', 'cat'];
const street = {
  id: 'p',
  name: 'Street',
  type: 'detection',
  labels: names.map((name) => ({ id: name, name, color: '#123456' })),
  counts: { assets: 1200, annotations: 1, suggestions_pending: 3 },
};
const cells = { id: 'q', name: 'Cells', type: 'segmentation', labels: [] };

function serve(projects: object[] = [street, cells]) {
  return new CannedServer({
    'GET /auth/me': person(['project_read', 'project_write']),
    'GET /projects': { items: projects },
  });
}

afterEach(leave);

test('a card tells the labels, the counts and what waits for review', async () => {
  serve();
  await visit('/projects');
  const [first, second] = await screen.findAllByTestId('project-card');
  expect(within(first!).getByText('Object detection')).toBeTruthy();
  expect(within(first!).getByText('+2')).toBeTruthy();
  expect(within(first!).queryByText('van')).toBeNull();
  expect(first?.textContent).toContain('1,200 images');
  expect(within(first!).getByText('3 to review')).toBeTruthy();
  expect(within(second!).getByText('No labels')).toBeTruthy();
});

test('a search finds names and labels, stands in the address and is cleared', async () => {
  serve();
  await visit('/projects');
  const shown = () => screen.queryAllByTestId('project-card').map((card) => card.textContent);
  await screen.findAllByTestId('project-card');
  type(screen.getByLabelText('Search projects'), 'tram');
  await waitFor(() => expect(shown()).toEqual([expect.stringContaining('Street')]));
  expect(address()).toBe('/projects?q=tram');
  type(screen.getByLabelText('Type of project'), 'segmentation');
  expect(await screen.findByText('Nothing matches')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: /clear/i }));
  await waitFor(() => expect(shown()).toHaveLength(2));
});

test('without projects the demo is offered, and opens', async () => {
  const server = serve([]);
  server.answer('POST /projects/demo', problem(409, 'quota', 'No room left.'));
  await visit('/projects');
  fireEvent.click(await screen.findByText('Open the demo project'));
  expect(await screen.findByText('No room left.')).toBeTruthy();
  server.answer('POST /projects/demo', street);
  fireEvent.click(screen.getByText('Open the demo project'));
  await waitFor(() => expect(address()).toContain('/projects/p'));
});

test('projects that cannot be loaded are asked for again', async () => {
  const server = serve();
  server.answer('GET /projects', problem(403, 'forbidden', 'Not you.'));
  await visit('/projects');
  expect(await screen.findByText('Not you.')).toBeTruthy();
  server.answer('GET /projects', { items: [cells] });
  fireEvent.click(screen.getByText('Try again'));
  expect(await screen.findByTestId('project-card')).toBeTruthy();
});

test.each(projectTemplates)('the template $id is sound', ({ labels }) => {
  const made = labels();
  expect(new Set(made.map(({ name }) => name)).size).toBe(made.length);
  for (const { kind, attributes, skeleton } of made) {
    expect(kind === 'skeleton').toBe(skeleton !== undefined);
    for (const { default_value: preset, options } of attributes) {
      if (options && preset !== undefined) expect(options).toContain(preset);
    }
    for (const ends of skeleton?.edges ?? []) {
      for (const end of ends) expect(skeleton!.points[end]).toBeDefined();
    }
    expect(skeleton?.positions?.length).toBe(skeleton?.points.length);
  }
});
