import type { UploadItem } from '@/net/uploadQueue';

/** RFC 4180; a cell that a spreadsheet would run as a formula gets a leading apostrophe. */
export function rejectedCsv(items: readonly UploadItem[]): string {
  const rows = items.map((item) => [item.name, item.code ?? '', item.detail ?? '']);
  return [['file', 'code', 'reason'], ...rows].map((row) => row.map(cell).join(',')).join('\r\n');
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
