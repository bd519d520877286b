/**
 * Fractional keys: strings over 0-9A-Za-z whose byte order is the order of what they name, so that
 * something can always be put between two others without renaming either. A key never ends in '0'.
 */
const kDigits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const kBase = kDigits.length;

function digit(key: string, index: number, fallback: number): number {
  return index < key.length ? kDigits.indexOf(key[index]!) : fallback;
}

/**
 * A key between `low` and `high` (exclusive); null stands for the open end.
 * @throws RangeError unless `low < high`.
 */
export function keyBetween(low: string | null, high: string | null): string {
  if (low !== null && high !== null && low >= high) {
    throw new RangeError(`key order: "${low}" is not before "${high}"`);
  }
  const floor = low ?? '';
  let ceiling = high;
  let key = '';
  for (let i = 0; ; i++) {
    const from = digit(floor, i, 0);
    const to = ceiling === null ? kBase : digit(ceiling, i, 0);
    if (to - from > 1) return key + kDigits[from + ((to - from) >> 1)]!;
    key += kDigits[from]!;
    if (to > from) ceiling = null;
  }
}

/** `count` ascending keys that leave room at both ends. */
export function spreadKeys(count: number): string[] {
  const keys: string[] = [];
  const width = Math.max(2, Math.ceil(Math.log(count + 2) / Math.log(kBase)) + 1);
  const span = kBase ** width;
  for (let i = 1; i <= count; i++) keys.push(encode(Math.floor((span * i) / (count + 1)), width));
  return keys;
}

function encode(value: number, width: number): string {
  let out = '';
  for (let rest = value, i = 0; i < width; i++, rest = Math.floor(rest / kBase)) {
    out = kDigits[rest % kBase]! + out;
  }
  return out.endsWith('0') ? `${out.slice(0, -1)}1` : out;
}
