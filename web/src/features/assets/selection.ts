/** What is done to many images names each of them. */
export const selectedMax = 20_000;

/** Chosen images, by id, and where the last choice was made: what a range begins at. */
export interface Selection {
  ids: ReadonlySet<string>;
  from: number | null;
}

export const nothingSelected: Selection = { ids: new Set(), from: null };

export function toggled(selection: Selection, id: string, position: number): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, from: position };
}

export function withAll(selection: Selection, ids: Iterable<string>): Selection {
  return { ids: new Set([...selection.ids, ...ids]), from: selection.from };
}

/** The positions between two, both included, in order. */
export function rangeOf(from: number, to: number): [number, number] {
  return from < to ? [from, to] : [to, from];
}
