import type { Editor } from '@/editor/editor';
import type { Warning } from '@/editor/objects/warnings';
import { t } from '@/i18n/i18n';

export function warningText(editor: Editor, { kind, detail }: Warning): string {
  switch (kind) {
    case 'missing':
      return t('objects.warnings.missing', { name: detail });
    case 'duplicate':
      return t('objects.warnings.duplicate', { number: editor.ages.numberOf(detail) });
    case 'wrong_kind':
      return t('objects.warnings.wrong_kind');
    default:
      return t(`objects.warnings.${kind}`);
  }
}
