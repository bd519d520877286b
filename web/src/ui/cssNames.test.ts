/**
 * The style sheet of a lazily loaded page stays when the page is left, so a class that two of
 * them define would change its look with the order of visits. The editor's sheets come together.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const sheets = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.css'),
);

/** The class that each selector of the sheet starts with. */
function leadingClasses(path: string): Set<string> {
  const css = readFileSync(`${root}/${path}`, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
  const names = new Set<string>();
  for (const [, prelude = ''] of css.matchAll(/([^{};]+)\{/g)) {
    if (prelude.trim().startsWith('@')) continue;
    for (const selector of prelude.split(',')) {
      const name = /^\s*[a-z]*\.([\w-]+)/.exec(selector)?.[1];
      if (name) names.add(name);
    }
  }
  return names;
}

test('each class is defined in one style sheet', () => {
  expect(sheets.length).toBeGreaterThan(10);
  const owners = new Map<string, string[]>();
  for (const sheet of sheets) {
    for (const name of leadingClasses(sheet)) {
      const page = sheet.startsWith('features/editor2d/') ? 'features/editor2d' : sheet;
      const known = owners.get(name) ?? [];
      owners.set(name, known.includes(page) ? known : [...known, page]);
    }
  }
  expect([...owners.keys()]).toContain('btn');
  const shared = [...owners].filter(([, files]) => files.length > 1);
  expect(shared).toEqual([]);
});
