/**
 * How everything looks. The inline script of index.html applies the theme before paint; it reads
 * the same preferences.
 */
import { useSyncExternalStore } from 'react';
import { preferences } from '@/net/preferences';

export const themeChoices = ['system', 'dark', 'light', 'contrast'] as const;
export type ThemeChoice = (typeof themeChoices)[number];
export type Theme = Exclude<ThemeChoice, 'system'>;

export interface Look {
  theme: ThemeChoice;
  glass: boolean;
  /** Fewer movements, also where the system does not ask for it. */
  calm: boolean;
  compact: boolean;
}

const defaults: Look = { theme: 'system', glass: true, calm: false, compact: false };
const colors: Record<Theme, string> = { dark: '#070B16', light: '#EEF2F8', contrast: '#000000' };

function read(): Look {
  const theme = preferences.get<unknown>('look.theme', defaults.theme);
  const flag = (name: 'glass' | 'calm' | 'compact') =>
    preferences.get<unknown>(`look.${name}`, defaults[name]) === true;
  return {
    theme: themeChoices.find((choice) => choice === theme) ?? defaults.theme,
    glass: flag('glass'),
    calm: flag('calm'),
    compact: flag('compact'),
  };
}

let look = defaults;

export function setLook<K extends keyof Look>(name: K, value: Look[K]): void {
  preferences.set(`look.${name}`, value);
}

const lightQuery = () => window.matchMedia('(prefers-color-scheme: light)');
const contrastQuery = () => window.matchMedia('(prefers-contrast: more)');

function shownTheme(choice: ThemeChoice): Theme {
  if (choice !== 'system') return choice;
  if (contrastQuery().matches) return 'contrast';
  return lightQuery().matches ? 'light' : 'dark';
}

function apply(): void {
  look = read();
  const { dataset } = document.documentElement;
  const theme = shownTheme(look.theme);
  dataset.theme = theme;
  mark(dataset, 'glass', look.glass ? null : 'off');
  mark(dataset, 'motion', look.calm ? 'reduced' : null);
  mark(dataset, 'density', look.compact ? 'compact' : null);
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', colors[theme]);
}

function mark(dataset: DOMStringMap, name: string, value: string | null): void {
  if (value === null) delete dataset[name];
  else dataset[name] = value;
}

export function useLook(): Look {
  return useSyncExternalStore(preferences.subscribe, () => look);
}

/** The button that goes between dark and light. */
export function useTheme(): { theme: ThemeChoice; setTheme: (theme: ThemeChoice) => void } {
  const { theme } = useLook();
  return { theme, setTheme: (choice) => setLook('theme', choice) };
}

export function startTheme(): void {
  apply();
  preferences.subscribe(apply);
  lightQuery().addEventListener('change', apply);
  contrastQuery().addEventListener('change', apply);
}
