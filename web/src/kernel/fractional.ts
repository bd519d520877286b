/**
 * Fractional keys: strings over 0-9A-Za-z whose byte order is the order of what they name, so that
 * something can always be put between two others without renaming either. A key never ends in '0'.
 */
const kDigits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const kBase = kDigits.length;

function digit(key: string, index: number, fallback: number): number {
  return index < key.length ? kDigits.indexOf(key[index]!) : fallback;
}

/** Stepping at an open end counts in this many digits, so that appending does not lengthen keys. */
const kStepDigits = 4;

/**
 * A key between `low` and `high` (exclusive); null stands for the open end.
 * @throws RangeError unless `low < high`.
 */
export function keyBetween(low: string | null, high: string | null): string {
  if (low !== null && high !== null && low >= high) {
    throw new RangeError(`key order: "${low}" is not before "${high}"`);
  }
  const stepped =
    low !== null && high === null ? step(low, 1) : low === null && high ? step(high, -1) : null;
  return stepped ?? midway(low, high);
}

/** The next or previous number of `kStepDigits` digits; null where there is none. */
function step(key: string, by: 1 | -1): string | null {
  const head = key.slice(0, kStepDigits).padEnd(kStepDigits, '0');
  let value = 0;
  for (const letter of head) value = value * kBase + kDigits.indexOf(letter);
  // What was cut off lies above the head, so one step down is already below the key.
  value += by < 0 && key.length > kStepDigits ? 0 : by;
  if (value % kBase === 0) value += by;
  if (value <= 0 || value >= kBase ** kStepDigits) return null;
  const stepped = encode(value, kStepDigits);
  return by > 0 === stepped > key && stepped !== key ? stepped : null;
}

function midway(low: string | null, high: string | null): string {
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
