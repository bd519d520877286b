/**
 * What a person has chosen about the look and the keys, by name: `canvas.minimap`, `keys.preset`.
 * Kept in this browser. Values are JSON; one that cannot be read counts as not chosen.
 */
const kStored = 'annotateai.preferences';

type Listener = () => void;

class Preferences {
  private values: Record<string, unknown> | null = null;
  private readonly listeners = new Set<Listener>();

  get<T>(name: string, fallback: T): T {
    const value = this.load()[name];
    return value === undefined ? fallback : (value as T);
  }

  set(name: string, value: unknown): void {
    this.values = { ...this.load(), [name]: value };
    try {
      globalThis.localStorage?.setItem(kStored, JSON.stringify(this.values));
    } catch {
      // A full or forbidden store: the choice lasts as long as the page.
    }
    for (const listener of [...this.listeners]) listener();
  }

  readonly subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private load(): Record<string, unknown> {
    this.values ??= stored();
    return this.values;
  }
}

function stored(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(globalThis.localStorage?.getItem(kStored) ?? '{}');
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export const preferences = new Preferences();
