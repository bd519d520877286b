import { History, RotateCcw } from 'lucide-react';
import { useMemo } from 'react';
import type { DiffKind } from '@/editor/past';
import { Button } from '@/ui/Button';
import { formatCount } from '@/ui/format';
import { useSignal } from '../editor2d/useSignal';
import { useWorkspace } from '../editor2d/workspace';
import { formatClock } from './clock';
import { useRestore } from './useTimeTravel';

const kLegend: readonly { kind: DiffKind; text: string }[] = [
  { kind: 'added', text: 'added since' },
  { kind: 'changed', text: 'changed since' },
  { kind: 'removed', text: 'deleted since' },
];

/** Says that the canvas shows an earlier state, how it differs from now, and the ways out. */
export function PastBanner() {
  const { editor, asset } = useWorkspace();
  const past = useSignal(editor.past);
  const diff = useSignal(editor.pastDiff);
  const { busy, restore } = useRestore(editor, asset.id);
  const counts = useMemo(() => {
    const of = (kind: DiffKind) => diff.filter((entry) => entry.kind === kind).length;
    return kLegend.map((row) => ({ ...row, count: of(row.kind) })).filter(({ count }) => count > 0);
  }, [diff]);
  if (!past) return null;
  return (
    <section className="past" aria-label="An earlier state" data-testid="past-banner">
      <div className="past-say" role="status">
        <History aria-hidden="true" />
        <strong>
          As it was at <time dateTime={past.at}>{formatClock(past.at)}</time>
        </strong>
        <ul className="past-legend">
          {counts.length === 0 ? <li>the same as now</li> : null}
          {counts.map(({ kind, text, count }) => (
            <li key={kind} data-kind={kind}>
              <i aria-hidden="true" />
              <span className="num">{formatCount(count)}</span> {text}
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
          Restore
        </Button>
        <Button
          size="s"
          variant="primary"
          disabled={busy}
          data-testid="past-leave"
          onClick={() => editor.travel(null)}
        >
          Back to now
        </Button>
      </div>
    </section>
  );
}
