/** What a line about somebody else's change says, and what it offers. Pure. */
import { t } from '@/i18n/i18n';
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
      : t('together.selected', { count: line.objects.length });
  return t(`together.${line.kind}`, { who, what });
}
