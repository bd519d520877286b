import { t, type MessageKey } from '@/i18n/i18n';
import type { Person } from '@/editor/company';

const kTools: Record<string, MessageKey> = {
  select: 'together.tools.select',
  box: 'together.tools.box',
  polygon: 'together.tools.polygon',
  segment: 'together.tools.segment',
  comment: 'together.tools.comment',
};

export function toolText(tool: string): string {
  return t(kTools[tool] ?? 'together.tools.other');
}

/** A person with several windows is one; one's own other windows are called by what they are. */
export function onePerUser(people: readonly Person[], selfId: string | null): Person[] {
  const seen = new Set<string>();
  return people.flatMap((person) => {
    if (seen.has(person.userId)) return [];
    seen.add(person.userId);
    return person.userId === selfId
      ? [{ ...person, name: t('together.oneself', { name: person.name }) }]
      : [person];
  });
}
