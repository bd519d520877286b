import type { Person } from '@/editor/company';

const kTools: Record<string, string> = {
  select: 'selecting',
  box: 'drawing boxes',
  polygon: 'drawing polygons',
  segment: 'with the AI tool',
  comment: 'commenting',
};

export function toolText(tool: string): string {
  return kTools[tool] ?? 'looking';
}

/** A person with several windows is one; one's own other windows are called by what they are. */
export function onePerUser(people: readonly Person[], selfId: string | null): Person[] {
  const seen = new Set<string>();
  return people.flatMap((person) => {
    if (seen.has(person.userId)) return [];
    seen.add(person.userId);
    return person.userId === selfId ? [{ ...person, name: `${person.name} (you)` }] : [person];
  });
}
