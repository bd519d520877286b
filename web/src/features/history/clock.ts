import { language } from '@/i18n/i18n';

const kTime = { hour: '2-digit', minute: '2-digit', hour12: false } as const;

/** "14:32", with the day before it when that is not today. */
export function formatClock(time: string, now = new Date()): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '';
  const today = date.toDateString() === now.toDateString();
  const day = today ? {} : ({ month: 'short', day: 'numeric' } as const);
  return date.toLocaleString(language(), { ...kTime, ...day });
}
