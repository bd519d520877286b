import { afterEach, expect, test } from 'vitest';
import { adminPage as deAdmin } from './de/adminPage';
import { app as de } from './de/app';
import { editorLater as deLater } from './de/editorLater';
import { editorPage as deEditor } from './de/editorPage';
import { securityPage as deSecurity } from './de/securityPage';
import { adminPage } from './en/adminPage';
import { app } from './en/app';
import { editorLater } from './en/editorLater';
import { editorPage } from './en/editorPage';
import { securityPage } from './en/securityPage';
import { addMessages, setLanguage, t } from './i18n';

type Tree = { readonly [key: string]: string | Tree };

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : leaves(value, `${path}${key}.`),
  );
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]!).sort();
}

afterEach(() => {
  setLanguage('en');
  addMessages('en', app);
  addMessages('en', editorPage);
  addMessages('en', editorLater);
});

test.each([
  ['app', app as Tree, de as Tree],
  ['administration', adminPage as Tree, deAdmin as Tree],
  ['editor', editorPage as Tree, deEditor as Tree],
  ['security', securityPage as Tree, deSecurity as Tree],
  ['later', editorLater as Tree, deLater as Tree],
])('the German %s catalogue says everything, with the same values', (_, english, german) => {
  const translated = new Map(leaves(german));
  const texts = leaves(english);
  expect([...translated.keys()].sort()).toEqual(texts.map(([key]) => key).sort());
  for (const [key, text] of texts) {
    const other = translated.get(key)!;
    expect(other.trim(), key).not.toBe('');
    expect(placeholders(other), key).toEqual(placeholders(text));
  }
});

test('values and plural forms are put in', () => {
  expect(t('commands.label', { number: 3 })).toBe('Label 3');
  expect(t('commands.objects', { count: 1 })).toBe('1 object');
  expect(t('commands.objects', { count: 4 })).toBe('4 objects');
});

test('numbers are written as the language writes them, texts stay as they are', () => {
  expect(t('commands.objects', { count: 1234 })).toBe('1,234 objects');
  expect(t('editor.labels.made', { label: '1234' })).toBe('Label “1234” added');
  setLanguage('de');
  addMessages('de', deEditor);
  expect(t('commands.objects', { count: 1234 })).toBe('1.234 Objekte');
});

test('a value is never read as a text with values of its own', () => {
  const label = '{{count}} $t(commands.edit.undo) <b>';
  expect(t('editor.labels.made', { label, count: 3 })).toBe(`Label “${label}” added`);
  // Nor as the place of a value that comes later in the text.
  for (const hostile of ['{{number}}', '{{label}}', '$& $1 $`', '$t(commands.edit.undo)']) {
    expect(t('objects.row.name', { label: hostile, number: 5 })).toBe(`${hostile} 5`);
  }
});

test('another language speaks', () => {
  setLanguage('de');
  addMessages('de', deEditor);
  expect(t('commands.edit.undo')).toBe('Rückgängig');
});
