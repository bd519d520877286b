// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { entryOf, isNewer } from './build';

const page = (name: string) =>
  `<!doctype html><script>1</script>` +
  `<script type="module" crossorigin src="/assets/${name}.js"></script>`;

afterEach(() => {
  vi.unstubAllGlobals();
  document.head.innerHTML = '';
});

test('the entry script of a page', () => {
  expect(entryOf(page('index-abc'))).toBe('/assets/index-abc.js');
  expect(entryOf('<html>Bad gateway</html>')).toBeNull();
});

test.each([
  ['the same build', () => new Response(page('index-abc')), false],
  ['another build', () => new Response(page('index-def')), true],
  ['no page', () => new Response('down', { status: 502 }), false],
  ['no network', () => Promise.reject(new TypeError()), false],
])('%s', async (_, answer, newer) => {
  document.head.innerHTML = page('index-abc');
  vi.stubGlobal('fetch', answer);
  expect(await isNewer()).toBe(newer);
});
