// @vitest-environment happy-dom
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import { useEffect, useRef, useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { later, laterDialog } from './later';

afterEach(cleanup);

interface AskProps {
  onClose: () => void;
  onText: (text: string) => void;
}

/** Takes the focus in an effect, as a modal dialog does. */
function Ask({ onText }: AskProps) {
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <input
      ref={field}
      aria-label="ask"
      type="text"
      value={text}
      onChange={({ target }) => setText(target.value)}
      onKeyDown={({ key }) => key === 'Enter' && onText(text)}
    />
  );
}

function arriving() {
  let arrive = () => {};
  let fail = () => {};
  const Part = laterDialog<AskProps>(
    () =>
      new Promise((resolve, reject) => {
        arrive = () => resolve(Ask);
        fail = () => reject(new TypeError('Failed to fetch'));
      }),
  );
  return { Part, arrive: () => arrive(), fail: () => fail() };
}

function press(key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  document.body.dispatchEvent(event);
  return event;
}

test('what is typed before a dialog is there is typed into it, and none of it runs', async () => {
  const { Part, arrive } = arriving();
  const heard: string[] = [];
  const said: string[] = [];
  const listen = (event: KeyboardEvent) => heard.push(event.key);
  window.addEventListener('keydown', listen);
  render(<Part onClose={() => {}} onText={(text) => said.push(text)} />);
  for (const key of ['f', 'i', 't', ' ', 'a', 'l', 'l']) press(key);
  expect(press('r', { ctrlKey: true }).defaultPrevented).toBe(false);
  press('Enter');
  expect(heard).toEqual([]);
  arrive();
  await waitFor(() => expect(said).toEqual(['fit all']));
  await waitFor(() => {
    press('x');
    expect(heard).toContain('x');
  });
  window.removeEventListener('keydown', listen);
});

test('Escape calls off a dialog on its way', () => {
  const { Part } = arriving();
  let closed = 0;
  render(<Part onClose={() => closed++} onText={() => {}} />);
  press('Escape');
  expect(closed).toBe(1);
});

test('a dialog that cannot be fetched closes and leaves the keyboard alone', async () => {
  const { Part, fail } = arriving();
  function Page() {
    const [open, setOpen] = useState(true);
    return open ? <Part onClose={() => setOpen(false)} onText={() => {}} /> : <p>closed</p>;
  }
  render(<Page />);
  press('a');
  fail();
  await screen.findByText('closed');
  expect(press('b').defaultPrevented).toBe(false);
});

test('a part of the page is asked for until it comes', async () => {
  let tries = 0;
  const Part = later<object>(
    async () => {
      if (++tries === 1) throw new TypeError('Failed to fetch');
      return () => <p>here</p>;
    },
    <p>waiting</p>,
  );
  render(<Part />);
  expect(screen.getByText('waiting')).toBeTruthy();
  await screen.findByText('here', {}, { timeout: 10_000 });
  expect(tries).toBe(2);
});
