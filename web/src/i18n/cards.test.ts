import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cards } from './de/cards';
import { cardText, setLanguage, withCardTexts } from './i18n';

const folder = path.resolve(import.meta.dirname, '../../../models');
const said = new Set(
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')))
    .flatMap((card: { description?: string; good_for?: string }) => [
      card.description,
      card.good_for,
    ])
    .filter((text) => text !== undefined),
);

test('what the shipped cards say has its German, and nothing else has', () => {
  expect([...said].filter((text) => !(text in cards))).toEqual([]);
  expect(Object.keys(cards).filter((text) => !said.has(text))).toEqual([]);
});

test('cards are German in German, and people’s own words stay', async () => {
  const text = 'Skeletons of every hand in an image.';
  expect(await withCardTexts(Promise.resolve(7))).toBe(7);
  expect(cardText(text)).toBe(text);
  setLanguage('de');
  await withCardTexts(Promise.resolve(7));
  expect(cardText(text)).toBe('Skelette jeder Hand in einem Bild.');
  expect(cardText('constructor')).toBe('constructor');
});
