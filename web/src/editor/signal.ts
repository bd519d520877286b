/** A value that tells its listeners when it changes. Listeners run synchronously, in order. */
export class Signal<T> {
  private listeners = new Set<() => void>();

  constructor(private current: T) {}

  get(): T {
    return this.current;
  }

  set(next: T): void {
    if (Object.is(next, this.current)) return;
    this.current = next;
    for (const listener of [...this.listeners]) listener();
  }

  update(change: (value: T) => T): void {
    this.set(change(this.current));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): T => this.current;
}

/** Occurrences without a value to remember. */
export class Emitter<T> {
  private listeners = new Set<(event: T) => void>();

  emit(event: T): void {
    for (const listener of [...this.listeners]) listener(event);
  }

  on(listener: (event: T) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
