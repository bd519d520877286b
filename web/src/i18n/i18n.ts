/**
 * Every text that people read, by key. Catalogues are loaded before the code that shows them, so
 * `t` answers at once; but it is called when something is shown, never while a module is loaded:
 * constants hold keys (`MessageKey`). A new language is taken by loading the page again.
 *
 * `{{name}}` stands for a value; `count` chooses the plural form (`key_one`, `key_other`), as
 * i18next reads them. Numbers are written as the language writes them, texts as they are: a value
 * that is to stay as it is (a coordinate, a code) is given as text. Nothing is escaped: React does
 * that.
 */
import i18next from 'i18next';
import type { adminPage } from './en/adminPage';
import type { app } from './en/app';
import type { editorLater } from './en/editorLater';
import type { editorPage } from './en/editorPage';
import type { securityPage } from './en/securityPage';
import type { KeysOf } from './translation';

export type MessageKey =
  | KeysOf<typeof app>
  | KeysOf<typeof adminPage>
  | KeysOf<typeof editorPage>
  | KeysOf<typeof editorLater>
  | KeysOf<typeof securityPage>;
export type MessageValues = Readonly<Record<string, string | number>>;

export const languages = [
  { id: 'en', name: 'English' },
  { id: 'de', name: 'Deutsch' },
] as const;
export type Language = (typeof languages)[number]['id'];

const kStored = 'annotateai.language';

export function isLanguage(id: string | null | undefined): id is Language {
  return languages.some((language) => language.id === id);
}

function preferred(): Language {
  const stored = globalThis.localStorage?.getItem(kStored);
  if (isLanguage(stored)) return stored;
  const wanted = globalThis.navigator?.languages ?? [];
  return wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en';
}

let current: Language = 'en';

/** The language shown, for `Intl` and `lang`. */
export function language(): Language {
  return current;
}

export function addMessages(id: Language, messages: object): void {
  i18next.addResourceBundle(id, 'translation', messages, true, true);
}

const numbers = new Map<string, Intl.NumberFormat>();

/** 1,234 or 1.234: no text has to think of it. */
function written(value: unknown): unknown {
  if (typeof value !== 'number') return value;
  let format = numbers.get(current);
  if (!format) numbers.set(current, (format = new Intl.NumberFormat(current)));
  return format.format(value);
}

/** Makes `t` ready; texts come by `addMessages`. */
export function setLanguage(id: Language): void {
  current = id;
  i18next.use({ type: 'formatter', init() {}, format: written });
  void i18next.init({
    lng: id,
    fallbackLng: false,
    resources: {},
    initAsync: false,
    interpolation: { escapeValue: false, alwaysFormat: true },
  });
  globalThis.document?.documentElement.setAttribute('lang', id);
}

/** Before the first page is drawn. */
export async function startLanguage(): Promise<void> {
  setLanguage(preferred());
  const load = current === 'de' ? import('./de/app') : import('./en/app');
  addMessages(current, (await load).app);
}

/** Before the image editor's code is loaded. */
export async function loadEditorMessages(): Promise<void> {
  const load = current === 'de' ? import('./de/editorPage') : import('./en/editorPage');
  addMessages(current, (await load).editorPage);
}

/** With the texts of those parts of the editor that are fetched once the canvas is up. */
export async function withLaterMessages<T>(part: Promise<T>): Promise<T> {
  const load = current === 'de' ? import('./de/editorLater') : import('./en/editorLater');
  const [loaded, { editorLater }] = await Promise.all([part, load]);
  addMessages(current, editorLater);
  return loaded;
}

/** With the texts of the administration. */
export async function withAdminMessages<T>(part: Promise<T>): Promise<T> {
  const load = current === 'de' ? import('./de/adminPage') : import('./en/adminPage');
  const [loaded, { adminPage }] = await Promise.all([part, load]);
  addMessages(current, adminPage);
  return loaded;
}

/** With the texts of second factors and passkeys. */
export async function withSecurityMessages<T>(part: Promise<T>): Promise<T> {
  const load = current === 'de' ? import('./de/securityPage') : import('./en/securityPage');
  const [loaded, { securityPage }] = await Promise.all([part, load]);
  addMessages(current, securityPage);
  return loaded;
}

let cards: ReadonlyMap<string, string> = new Map();

/** With what the cards of shipped models say, which the server tells in English. */
export async function withCardTexts<T>(part: Promise<T>): Promise<T> {
  if (current === 'de') cards = new Map(Object.entries((await import('./de/cards')).cards));
  return part;
}

export function cardText(english: string): string {
  return cards.get(english) ?? english;
}

/** Remembers the choice in this browser; the caller loads the page again. */
export function chooseLanguage(id: Language): void {
  globalThis.localStorage?.setItem(kStored, id);
}

export function t(key: MessageKey, values?: MessageValues): string {
  return (values ? null : plain(key)) ?? i18next.t(key, { ...values });
}

/** A text with nothing to put in, as most are: a page shows hundreds before its first row. */
function plain(key: MessageKey): string | null {
  const text: unknown = i18next.getResource(current, 'translation', key);
  return typeof text === 'string' && !text.includes('{{') ? text : null;
}

/** The text of a key that may not be there, as one made of a code of the server. */
export function tMaybe(key: string): string | null {
  return i18next.exists(key) ? i18next.t(key) : null;
}
