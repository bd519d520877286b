import { TriangleAlert } from 'lucide-react';
import { t } from '@/i18n/i18n';
import { Tooltip } from '@/ui/Tooltip';
import { useSignal } from '../useSignal';
import { useEditor } from '../workspace';

/** How many objects something is wrong with; absent while all is well. */
export function WarningsBadge({ onOpen }: { onOpen: () => void }) {
  const editor = useEditor();
  useSignal(editor.warnings.version);
  const { count } = editor.warnings;
  if (count === 0) return null;
  const title = t('objects.warnings.badge', { count });
  return (
    <Tooltip label={title}>
      <button
        type="button"
        className="warnings-badge"
        aria-label={title}
        data-testid="warnings-badge"
        onClick={onOpen}
      >
        <TriangleAlert aria-hidden="true" />
        <span className="num">{count > 999 ? '999+' : count}</span>
      </button>
    </Tooltip>
  );
}
