// @vitest-environment happy-dom
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { TooltipProvider } from '@/ui/Tooltip';
import { LabelEditor } from './LabelEditor';
import { type LabelDraft, inputsOf } from './labelDrafts';

let current: LabelDraft[] = [];

function Host({ showErrors = false }: { showErrors?: boolean }) {
  const [labels, setLabels] = useState<LabelDraft[]>([]);
  current = labels;
  return (
    <TooltipProvider>
      <LabelEditor labels={labels} onChange={setLabels} showErrors={showErrors} />
    </TooltipProvider>
  );
}

const names = () => current.map((label) => label.name);

afterEach(cleanup);

test('a preset fills the list, rows move and go', async () => {
  const user = userEvent.setup();
  render(<Host />);
  await user.click(screen.getByRole('button', { name: 'Animals' }));
  expect(names().slice(0, 3)).toEqual(['bird', 'cat', 'dog']);
  await user.click(screen.getByRole('button', { name: 'Move dog up' }));
  expect(names().slice(0, 3)).toEqual(['bird', 'dog', 'cat']);
  await user.click(screen.getByRole('button', { name: 'Remove bird' }));
  expect(names().slice(0, 2)).toEqual(['dog', 'cat']);
  expect(screen.getByRole('button', { name: 'Move dog up' })).toHaveProperty('disabled', true);
});

test('Enter in a name adds the next label and goes to it', async () => {
  const user = userEvent.setup();
  render(<Host />);
  await user.click(screen.getByTestId('add-label'));
  await user.keyboard('car{Enter}van');
  expect(names()).toEqual(['car', 'van']);
  expect(current[0]!.color).not.toBe(current[1]!.color);
});

test('a doubled name is marked at once, an empty one only after sending', async () => {
  const user = userEvent.setup();
  const { rerender } = render(<Host />);
  await user.click(screen.getByTestId('add-label'));
  expect(screen.queryByRole('alert')).toBeNull();
  rerender(<Host showErrors />);
  expect(screen.getByRole('alert').textContent).toBe('Give this label a name.');
  rerender(<Host />);
  await user.keyboard('car{Enter}CAR');
  const alert = screen.getByRole('alert');
  expect(alert.textContent).toBe('Another label has this name.');
  const inputs = screen.getAllByLabelText('Name of the label');
  expect(inputs[1]!.getAttribute('aria-describedby')).toBe(alert.id);
});

test('shape and attributes are part of what is sent', async () => {
  const user = userEvent.setup();
  render(<Host />);
  await user.click(screen.getByTestId('add-label'));
  await user.keyboard('car');
  await user.selectOptions(screen.getByLabelText('Shape of car'), 'polygon');
  const row = screen.getByRole('listitem');
  await user.click(within(row).getByRole('button', { name: 'Attributes' }));
  await user.keyboard('colour');
  await user.type(screen.getByLabelText('Choices of colour'), 'red, blue');
  expect(inputsOf(current)).toMatchObject([
    {
      name: 'car',
      kind: 'polygon',
      attributes: [{ name: 'colour', kind: 'select', options: ['red', 'blue'] }],
    },
  ]);
  await user.selectOptions(screen.getByLabelText('Kind of colour'), 'number');
  expect(screen.queryByLabelText('Choices of colour')).toBeNull();
  expect(inputsOf(current)[0]!.attributes[0]).toEqual({ name: 'colour', kind: 'number' });
});
