/** What a line about somebody else's change says, and what it offers. Pure. */
import type { MeanwhileLine } from '@/editor/meanwhile';
import type { Annotation } from '@/kernel/records';

export function meanwhileText(
  line: Pick<MeanwhileLine, 'kind' | 'objects'>,
  who: string,
  nameOf: (annotation: Annotation) => string,
): string {
  const [first] = line.objects;
  const what =
    line.objects.length === 1 && first
      ? nameOf(first)
      : `${line.objects.length} objects you have selected`;
  switch (line.kind) {
    case 'changed':
      return `${who} changed ${what}`;
    case 'deleted':
      return `${who} deleted ${what}`;
    case 'held':
      return `${who} is moving ${what} too: of what you both change, the later counts`;
  }
}
