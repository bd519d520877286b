/**
 * What a person has chosen about the look and the keys, by name: `canvas.minimap`, `keys.preset`.
 * Kept in this browser, so that it is there at once, and on the server, so that it follows the
 * person: the last who sets a name wins. Values are JSON; one that cannot be read counts as not
 * chosen.
 */
import { getPreferences, putPreferences } from './accountRoutes';

const kStored = 'annotateai.preferences';
const kMeta = 'annotateai.preferences.sync';
const kSendAfterMs = 1_000;

type Values = Record<string, unknown>;
type Listener = () => void;

export interface PreferencePorts {
  load(): Promise<Values>;
  save(values: Values): Promise<Values>;
  storage(): Pick<Storage, 'getItem' | 'setItem'> | undefined;
  sendAfterMs: number;
}

const browserPorts: PreferencePorts = {
  load: getPreferences,
  save: putPreferences,
  storage: () => globalThis.localStorage,
  sendAfterMs: kSendAfterMs,
};

/** Whose the values are, and which the server does not have yet. */
interface Meta {
  owner: string | null;
  unsent: string[];
}

export class Preferences {
  private values: Values | null = null;
  private meta: Meta | null = null;
  private followed: string | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly listeners = new Set<Listener>();

  constructor(private readonly ports: PreferencePorts = browserPorts) {}

  get<T>(name: string, fallback: T): T {
    const value = this.load()[name];
    return value === undefined ? fallback : (value as T);
  }

  set(name: string, value: unknown): void {
    const meta = this.loadMeta();
    this.meta = { ...meta, unsent: [...new Set([...meta.unsent, name])] };
    this.keep({ ...this.load(), [name]: value });
    this.sendSoon();
  }

  /** Chosen no longer, on this device or any other. */
  reset(names: readonly string[]): void {
    const meta = this.loadMeta();
    this.meta = { ...meta, unsent: [...new Set([...meta.unsent, ...names])] };
    const rest = Object.entries(this.load()).filter(([name]) => !names.includes(name));
    this.keep(Object.fromEntries(rest));
    this.sendSoon();
  }

  readonly subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Takes over what the person chose elsewhere. Another person's choices are put away. */
  async follow(userId: string): Promise<void> {
    if (this.followed === userId) return;
    this.followed = userId;
    const meta = this.loadMeta();
    if (meta.owner !== null && meta.owner !== userId) {
      this.meta = { owner: userId, unsent: [] };
      this.keep({});
    } else {
      // Chosen before anyone signed in here.
      const unsent = meta.owner === null ? Object.keys(this.load()) : meta.unsent;
      this.meta = { owner: userId, unsent };
    }
    try {
      this.merge(await this.ports.load());
      await this.send();
    } catch {
      // The next choice, or the next visit, tries again.
      this.followed = null;
    }
  }

  private merge(theirs: Values): void {
    const { unsent } = this.loadMeta();
    // What the server does not have any more was reset elsewhere.
    const own = Object.entries(this.load()).filter(([name]) => unsent.includes(name));
    const merged: Values = Object.fromEntries(own);
    for (const [name, value] of Object.entries(theirs)) {
      if (!unsent.includes(name)) merged[name] = value;
    }
    this.keep(merged);
  }

  private sendSoon(): void {
    if (this.loadMeta().owner === null) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.send().catch(() => {}), this.ports.sendAfterMs);
  }

  private async send(): Promise<void> {
    const { unsent, owner } = this.loadMeta();
    if (unsent.length === 0 || owner === null) return;
    const values = this.load();
    const sent = Object.fromEntries(unsent.map((name) => [name, values[name] ?? null]));
    await this.ports.save(sent);
    const changed = (name: string) => this.load()[name] !== values[name];
    this.meta = {
      owner,
      unsent: this.loadMeta().unsent.filter((name) => !(name in sent) || changed(name)),
    };
    this.store(kMeta, this.meta);
  }

  private keep(values: Values): void {
    this.values = values;
    this.store(kStored, values);
    this.store(kMeta, this.loadMeta());
    for (const listener of [...this.listeners]) listener();
  }

  private store(key: string, value: unknown): void {
    try {
      this.ports.storage()?.setItem(key, JSON.stringify(value));
    } catch {
      // A full or forbidden store: the choice lasts as long as the page.
    }
  }

  private read(key: string): Values {
    try {
      const value: unknown = JSON.parse(this.ports.storage()?.getItem(key) ?? '{}');
      return value !== null && typeof value === 'object' ? (value as Values) : {};
    } catch {
      return {};
    }
  }

  private load(): Values {
    this.values ??= this.read(kStored);
    return this.values;
  }

  private loadMeta(): Meta {
    if (this.meta === null) {
      const { owner, unsent } = this.read(kMeta);
      const names = Array.isArray(unsent) ? unsent.filter((name) => typeof name === 'string') : [];
      this.meta = { owner: typeof owner === 'string' ? owner : null, unsent: names };
    }
    return this.meta;
  }
}

export const preferences = new Preferences();
