/** A sorted array that follows single changes without being sorted again. */
export type Compare<T> = (a: T, b: T) => number;

/** Where `item` stands, or would stand. */
export function placeOf<T>(list: readonly T[], item: T, compare: Compare<T>): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(list[middle]!, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function insertSorted<T>(list: T[], item: T, compare: Compare<T>): void {
  list.splice(placeOf(list, item, compare), 0, item);
}

export function removeSorted<T>(list: T[], item: T, compare: Compare<T>): void {
  const at = placeOf(list, item, compare);
  if (at < list.length && compare(list[at]!, item) === 0) list.splice(at, 1);
}
