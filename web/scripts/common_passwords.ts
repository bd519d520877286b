// `virtual:common-passwords`: the commonest passwords of a package, the commonest first. The whole
// list would be 200 kB to load; past the first thousands a guess costs about what its rank says.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const name = 'virtual:common-passwords';
const resolved = `\0${name}`;
const source = '../node_modules/@zxcvbn-ts/language-common/src/passwords.json';
const count = 20_000;

export function commonPasswords(): Plugin {
  return {
    name: 'common-passwords',
    resolveId: (id) => (id === name ? resolved : null),
    async load(id) {
      if (id !== resolved) return null;
      const text = await readFile(fileURLToPath(new URL(source, import.meta.url)), 'utf8');
      const words = (JSON.parse(text) as string[]).slice(0, count);
      if (words.some((word) => word.includes('\n'))) throw new Error(`${source}: a line break`);
      return `export default ${JSON.stringify(words.join('\n'))}.split('\\n');`;
    },
  };
}
