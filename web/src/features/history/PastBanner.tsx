import { History, RotateCcw } from 'lucide-react';
import { useMemo } from 'react';
import { t } from '@/i18n/i18n';
import type { DiffKind } from '@/editor/past';
import { Button } from '@/ui/Button';
import { formatCount } from '@/ui/format';
import { useSignal } from '../editor2d/useSignal';
import { useWorkspace } from '../editor2d/workspace';
import { formatClock } from './clock';
import { useRestore } from './useTimeTravel';
import './history.css';

const kKinds: readonly DiffKind[] = ['added', 'changed', 'removed'];

/** Says that the canvas shows an earlier state, how it differs from now, and the ways out. */
export function PastBanner() {
  const { editor, asset } = useWorkspace();
  const past = useSignal(editor.past);
  const diff = useSignal(editor.pastDiff);
  const { busy, restore } = useRestore(editor, asset.id);
  const counts = useMemo(() => {
    const of = (kind: DiffKind) => diff.filter((entry) => entry.kind === kind).length;
    return kKinds.map((kind) => ({ kind, count: of(kind) })).filter(({ count }) => count > 0);
  }, [diff]);
  if (!past) return null;
  return (
    <section className="past" aria-label={t('history.past.label')} data-testid="past-banner">
      <div className="past-say" role="status">
        <History aria-hidden="true" />
        <strong>
          <time dateTime={past.at}>{t('history.past.at', { time: formatClock(past.at) })}</time>
        </strong>
        <ul className="past-legend">
          {counts.length === 0 ? <li>{t('history.past.same')}</li> : null}
          {counts.map(({ kind, count }) => (
            <li key={kind} data-kind={kind}>
              <i aria-hidden="true" />
              <span className="num">
                {t(`history.past.${kind}`, { count: formatCount(count) })}
              </span>
            </li>
          ))}
        </ul>
      </div>
      <div className="past-do">
        <Button
          size="s"
          icon={<RotateCcw />}
          busy={busy}
          disabled={counts.length === 0 || !editor.company.canWrite.get()}
          data-testid="past-restore"
          onClick={restore}
        >
          {t('history.past.restore')}
        </Button>
        <Button
          size="s"
          variant="primary"
          disabled={busy}
          data-testid="past-leave"
          onClick={() => editor.travel(null)}
        >
          {t('history.past.back')}
        </Button>
      </div>
    </section>
  );
}
