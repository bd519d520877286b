const today = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hour12: false });
const before = new Intl.DateTimeFormat('en', {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});

/** "14:32", with the day before it when that is not today. */
export function formatClock(time: string, now = new Date()): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '';
  return date.toDateString() === now.toDateString() ? today.format(date) : before.format(date);
}
