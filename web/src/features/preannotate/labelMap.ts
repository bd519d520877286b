import type { Label } from '@/net/api';

/** Class of the model by id of the project's label; absent means "not suggested". */
export type ClassOfLabel = Readonly<Record<string, string>>;

/** Pairs labels with classes of the same name, whatever their case, spaces and underscores. */
export function matchByName(labels: readonly Label[], classes: readonly string[]): ClassOfLabel {
  const byName = new Map(classes.map((name) => [normal(name), name]));
  const map: Record<string, string> = {};
  for (const label of labels) {
    const found = byName.get(normal(label.name));
    if (found !== undefined) map[label.id] = found;
  }
  return map;
}

/** What the server wants: class of the model to id of the label. One class, one label. */
export function labelMapOf(classes: ClassOfLabel): Record<string, string> {
  const map: Record<string, string> = {};
  for (const [labelId, name] of Object.entries(classes)) map[name] ??= labelId;
  return map;
}

/** Classes that two labels ask for; the server could serve only one of them. */
export function doubledClasses(classes: ClassOfLabel): string[] {
  const seen = new Set<string>();
  const doubled = new Set<string>();
  for (const name of Object.values(classes)) {
    if (seen.has(name)) doubled.add(name);
    seen.add(name);
  }
  return [...doubled];
}

function normal(name: string): string {
  return name
    .trim()
    .toLocaleLowerCase()
    .replace(/[\s_-]+/g, ' ');
}
