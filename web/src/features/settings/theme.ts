/** Theme and glass preferences. The inline script of index.html applies the theme before paint. */
import { create } from 'zustand';

export type ThemeChoice = 'system' | 'dark' | 'light';

const themeKey = 'aa.theme';
const glassKey = 'aa.glass';

interface ThemeStore {
  theme: ThemeChoice;
  glass: boolean;
  setTheme: (theme: ThemeChoice) => void;
  setGlass: (glass: boolean) => void;
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Storage is switched off: the choice lasts as long as the page.
  }
}

function storedTheme(): ThemeChoice {
  const value = read(themeKey);
  return value === 'dark' || value === 'light' ? value : 'system';
}

const lightQuery = () => window.matchMedia('(prefers-color-scheme: light)');

function apply(theme: ThemeChoice, glass: boolean): void {
  const root = document.documentElement;
  const light = theme === 'system' ? lightQuery().matches : theme === 'light';
  root.dataset.theme = light ? 'light' : 'dark';
  if (glass) delete root.dataset.glass;
  else root.dataset.glass = 'off';
  document
    .querySelector('meta[name="theme-color"]')
    ?.setAttribute('content', light ? '#EEF2F8' : '#070B16');
}

export const useTheme = create<ThemeStore>((set, get) => ({
  theme: storedTheme(),
  glass: read(glassKey) !== 'off',
  setTheme: (theme) => {
    write(themeKey, theme === 'system' ? null : theme);
    set({ theme });
    apply(theme, get().glass);
  },
  setGlass: (glass) => {
    write(glassKey, glass ? null : 'off');
    set({ glass });
    apply(get().theme, glass);
  },
}));

export function startTheme(): void {
  const follow = () => apply(useTheme.getState().theme, useTheme.getState().glass);
  follow();
  lightQuery().addEventListener('change', follow);
}
