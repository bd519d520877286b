import { useEffect, useRef, useState } from 'react';
import { t } from '@/i18n/i18n';
import { useFixedRows } from '../useFixedRows';
import { calm, useSignal } from '../useSignal';
import { useEditor } from '../workspace';
import { ObjectRow, rowId } from './ObjectRow';
import { rowsOf } from './rowsOf';
import { SectionRow } from './SectionRow';
import { treeKey } from './treeKeys';

const kRowHeight = 34;

/** What the keyboard stands on: an object or a heading. */
export type Spot = { object: string } | { section: string };

/** All objects as a tree; only the rows in sight are there, and each says which of how many. */
export function ObjectTree() {
  const editor = useEditor();
  const rows = rowsOf(editor);
  useSignal(rows.version);
  const layout = rows.layout();
  const scroller = useRef<HTMLDivElement>(null);
  const [spot, setSpot] = useState<Spot | null>(null);
  const [focused, setFocused] = useState(false);
  const { indices, seen, reveal } = useFixedRows(scroller, layout.count, kRowHeight);
  useFollowSelection(seen, reveal);
  const at = spot === null ? -1 : indexOf(layout, spot);
  const present = indices.includes(at);
  const go = (next: Spot) => {
    setSpot(next);
    const index = indexOf(layout, next);
    if (index >= 0) reveal(index);
  };
  const enter = () => {
    setFocused(true);
    if (at >= 0) return;
    const [first] = editor.selection.get();
    const start = layout.at(first === undefined ? 0 : Math.max(0, layout.indexOf(first)));
    if (start) setSpot(spotOf(start));
  };
  return (
    <div
      ref={scroller}
      className="object-list"
      role="tree"
      tabIndex={0}
      aria-label={t('objects.title')}
      aria-multiselectable="true"
      aria-activedescendant={focused && present && spot ? rowId(spot) : undefined}
      data-testid="object-tree"
      onFocus={enter}
      onBlur={() => setFocused(false)}
      onKeyDown={(event) => {
        const context = { editor, rows, layout, index: at, spot, go };
        if (treeKey(event, context)) event.preventDefault();
      }}
    >
      <div className="object-rows" role="none" style={{ height: layout.count * kRowHeight }}>
        {indices.map((index) => {
          const row = layout.at(index);
          if (!row) return null;
          const shared = { top: index * kRowHeight, active: focused && index === at };
          return row.kind === 'object' ? (
            <ObjectRow key={row.id} row={row} {...shared} />
          ) : (
            <SectionRow key={row.section.key} row={row} {...shared} />
          );
        })}
      </div>
    </div>
  );
}

type Layout = ReturnType<ReturnType<typeof rowsOf>['layout']>;
type Row = NonNullable<ReturnType<Layout['at']>>;

export function spotOf(row: Row): Spot {
  return row.kind === 'object' ? { object: row.id } : { section: row.section.key };
}

function indexOf(layout: Layout, spot: Spot): number {
  return 'object' in spot ? layout.indexOf(spot.object) : layout.sectionIndex(spot.section);
}

/** What is selected on the canvas comes into sight here. */
function useFollowSelection(
  seen: { first: number; last: number },
  reveal: (index: number) => void,
): void {
  const editor = useEditor();
  const [first] = useSignal(calm(editor.selection));
  const latest = useRef(seen);
  latest.current = seen;
  useEffect(() => {
    if (first === undefined) return;
    const index = rowsOf(editor).layout().indexOf(first);
    if (index < 0) return;
    // Scrolling measures the page, which a row in sight need not cost.
    if (index > latest.current.first && index < latest.current.last) return;
    const frame = requestAnimationFrame(() => reveal(index));
    return () => cancelAnimationFrame(frame);
  }, [editor, first, reveal]);
}
