import type { Finding } from '@/net/api';

/** "person", or what was read when that says more. */
export function findingName(finding: Finding): string {
  const text = finding.attributes.text;
  return typeof text === 'string' && text !== '' ? `“${text}”` : finding.class;
}

/** Attributes as words: "age 34", "gender female", numbers with at most two decimals. */
export function attributeWords(finding: Finding): string[] {
  return Object.entries(finding.attributes)
    .filter(([name]) => name !== 'text')
    .map(([name, value]) => {
      const shown = typeof value === 'number' ? String(Math.round(value * 100) / 100) : value;
      return `${name.replaceAll('_', ' ')} ${shown}`;
    });
}
