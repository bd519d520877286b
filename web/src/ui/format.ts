import { language, t } from '@/i18n/i18n';

/** Made when first asked for, in the language that is shown then. */
class Shown<T> {
  private made: { language: string; format: T } | null = null;

  constructor(private readonly make: (language: string) => T) {}

  get(): T {
    const id = language();
    if (this.made?.language !== id) this.made = { language: id, format: this.make(id) };
    return this.made.format;
  }
}

const counts = new Shown((id) => new Intl.NumberFormat(id));
const dates = new Shown((id) => new Intl.DateTimeFormat(id, { dateStyle: 'medium' }));
const times = new Shown(
  (id) => new Intl.DateTimeFormat(id, { dateStyle: 'medium', timeStyle: 'short' }),
);
const relative = new Shown((id) => new Intl.RelativeTimeFormat(id, { numeric: 'auto' }));
const tenths = new Shown(fixed(1));
const hundredths = new Shown(fixed(2));

function fixed(digits: number) {
  return (id: string) =>
    new Intl.NumberFormat(id, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function formatCount(value: number): string {
  return counts.get().format(value);
}

/** With one digit after the point. */
export function formatTenths(value: number): string {
  return tenths.get().format(value);
}

/** With two digits after the point, as shares of one are written. */
export function formatShare(value: number): string {
  return hundredths.get().format(value);
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const figure = unit > 0 && value < 10 ? formatTenths(value) : value.toFixed(0);
  return `${figure} ${units[unit]}`;
}

export function formatDate(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : dates.get().format(date);
}

export function formatDateTime(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : times.get().format(date);
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 30],
];

/** "5 minutes ago"; a date once it is more than a month away. */
export function formatAgo(time: string, now: number = Date.now()): string {
  const then = Date.parse(time);
  if (Number.isNaN(then)) return '';
  let value = (then - now) / 1000;
  for (const [unit, size] of steps) {
    if (Math.abs(value) < size) {
      if (unit === 'second') return t('common.justNow');
      return relative.get().format(Math.round(value), unit);
    }
    value /= size;
  }
  return formatDate(time);
}
