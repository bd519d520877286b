import { expect, test } from 'vitest';
import { Preferences } from './preferences';

type Values = Record<string, unknown>;

/** A browser's storage, and a server that merges by name. */
function device(server: { values: Values; away?: boolean }, stored = new Map<string, string>()) {
  const preferences = new Preferences({
    load: async () => {
      if (server.away) throw new Error('away');
      return { ...server.values };
    },
    save: async (values) => {
      if (server.away) throw new Error('away');
      // As the server does: null takes a name away.
      const all = Object.entries({ ...server.values, ...values });
      server.values = Object.fromEntries(all.filter(([, value]) => value !== null));
      return server.values;
    },
    storage: () => ({
      getItem: (key) => stored.get(key) ?? null,
      setItem: (key, value) => void stored.set(key, value),
    }),
    sendAfterMs: 0,
  });
  return { preferences, stored };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

test('a choice is there at once, and after a reload', () => {
  const { preferences, stored } = device({ values: {} });
  let told = 0;
  preferences.subscribe(() => (told += 1));
  preferences.set('look.theme', 'dark');
  expect([preferences.get('look.theme', 'system'), told]).toEqual(['dark', 1]);
  expect(device({ values: {} }, stored).preferences.get('look.theme', 'system')).toBe('dark');
  expect(preferences.get('unknown', 7)).toBe(7);
});

test('what was chosen before signing in goes to the server', async () => {
  const server = { values: {} as Values };
  const { preferences } = device(server);
  preferences.set('look.theme', 'light');
  await preferences.follow('ada');
  expect(server.values).toEqual({ 'look.theme': 'light' });
});

test('two devices agree; the last one to choose a name wins', async () => {
  const server = { values: {} as Values };
  const desk = device(server).preferences;
  const home = device(server).preferences;
  await desk.follow('ada');
  desk.set('a', 1);
  desk.set('b', 1);
  await settled();
  await home.follow('ada');
  expect([home.get('a', 0), home.get('b', 0)]).toEqual([1, 1]);
  home.set('b', 2);
  await settled();
  expect(server.values).toEqual({ a: 1, b: 2 });
});

test('what could not be sent is sent on the next visit, over older values', async () => {
  const server: { values: Values; away?: boolean } = { values: { a: 1 } };
  const first = device(server);
  await first.preferences.follow('ada');
  server.away = true;
  first.preferences.set('a', 2);
  await settled();
  server.away = false;
  const again = device(server, first.stored).preferences;
  await again.follow('ada');
  expect([again.get('a', 0), server.values]).toEqual([2, { a: 2 }]);
});

test('another person at the same browser starts from their own', async () => {
  const first = device({ values: {} });
  await first.preferences.follow('ada');
  first.preferences.set('a', 1);
  await settled();
  const eve = { values: { b: 3 } as Values };
  const { preferences } = device(eve, first.stored);
  await preferences.follow('eve');
  expect([preferences.get('a', 0), preferences.get('b', 0), eve.values]).toEqual([0, 3, { b: 3 }]);
});

test('damaged storage counts as nothing chosen', () => {
  const stored = new Map([
    ['annotateai.preferences', '{"a":'],
    ['annotateai.preferences.sync', '7'],
  ]);
  expect(device({ values: {} }, stored).preferences.get('a', 5)).toBe(5);
});

test('what is reset is gone here, on the server and on another device', async () => {
  const server = { values: {} as Values };
  const [desk, home] = [device(server), device(server)].map((one) => one.preferences);
  await desk!.follow('ada');
  desk!.set('a', 1);
  desk!.set('b', 1);
  await settled();
  await home!.follow('ada');
  expect(home!.get('a', 0)).toBe(1);
  desk!.reset(['a', 'never chosen']);
  expect([desk!.get('a', 0), desk!.get('b', 0)]).toEqual([0, 1]);
  await settled();
  expect(server.values).toEqual({ b: 1 });
  const later = device(
    server,
    new Map([
      ['annotateai.preferences', '{"a":1,"b":1}'],
      ['annotateai.preferences.sync', '{"owner":"ada","unsent":[]}'],
    ]),
  ).preferences;
  await later.follow('ada');
  expect([later.get('a', 0), later.get('b', 0)]).toEqual([0, 1]);
});
