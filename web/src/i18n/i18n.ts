/**
 * Every text that people read, by key. Catalogues are loaded before the code that shows them, so
 * `t` answers at once; but it is called when something is shown, never while a module is loaded:
 * constants hold keys (`MessageKey`). A new language is taken by loading the page again.
 *
 * `{{name}}` stands for a value; `count` chooses the plural form (`key_one`, `key_other`), as
 * i18next reads them. Values are not escaped: React does that.
 */
import i18next from 'i18next';
import type { app } from './en/app';
import type { editorPage } from './en/editorPage';
import type { KeysOf } from './translation';

export type MessageKey = KeysOf<typeof app> | KeysOf<typeof editorPage>;
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

type Catalogue = typeof app | typeof editorPage;

export function addMessages(id: Language, messages: object): void {
  i18next.addResourceBundle(id, 'translation', messages, true, true);
}

/** Makes `t` ready; texts come by `addMessages`. */
export function setLanguage(id: Language): void {
  current = id;
  void i18next.init({
    lng: id,
    fallbackLng: false,
    resources: {},
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  globalThis.document?.documentElement.setAttribute('lang', id);
}

/** Before the first page is drawn. */
export async function startLanguage(): Promise<void> {
  setLanguage(preferred());
  const load = current === 'de' ? import('./de/app') : import('./en/app');
  addMessages(current, (await load).app as Catalogue);
}

/** Before the image editor's code is loaded. */
export async function loadEditorMessages(): Promise<void> {
  const load = current === 'de' ? import('./de/editorPage') : import('./en/editorPage');
  addMessages(current, (await load).editorPage as Catalogue);
}

/** Remembers the choice in this browser; the caller loads the page again. */
export function chooseLanguage(id: Language): void {
  globalThis.localStorage?.setItem(kStored, id);
}

export function t(key: MessageKey, values?: MessageValues): string {
  return i18next.t(key, { ...values });
}

/** The text of a key that may not be there, as one made of a code of the server. */
export function tMaybe(key: string): string | null {
  return i18next.exists(key) ? i18next.t(key) : null;
}
