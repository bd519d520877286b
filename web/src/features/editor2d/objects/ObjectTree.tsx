import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { t } from '@/i18n/i18n';
import { useSignal } from '../useSignal';
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
  const virtual = useVirtualizer({
    count: layout.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => kRowHeight,
    getItemKey: (index) => {
      const row = layout.at(index);
      if (!row) return index;
      return row.kind === 'object' ? row.id : row.section.key;
    },
    overscan: 8,
  });
  useFollowSelection(virtual);
  const at = spot === null ? -1 : indexOf(layout, spot);
  const items = virtual.getVirtualItems();
  const present = items.some((item) => item.index === at);
  const go = (next: Spot) => {
    setSpot(next);
    const index = indexOf(layout, next);
    if (index >= 0) virtual.scrollToIndex(index, { align: 'auto' });
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
      <div className="object-rows" role="none" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = layout.at(item.index);
          if (!row) return null;
          const active = focused && item.index === at;
          const shared = { top: item.start, active };
          return row.kind === 'object' ? (
            <ObjectRow key={item.key} row={row} index={item.index} {...shared} />
          ) : (
            <SectionRow key={item.key} row={row} {...shared} />
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

interface Scrolls {
  readonly range: { startIndex: number; endIndex: number } | null;
  scrollToIndex(index: number, options: { align: 'auto' }): void;
}

/** What is selected on the canvas comes into sight here. */
function useFollowSelection(virtual: Scrolls): void {
  const editor = useEditor();
  const [first] = useSignal(editor.selection);
  const latest = useRef(virtual);
  latest.current = virtual;
  useEffect(() => {
    if (first === undefined) return;
    const index = rowsOf(editor).layout().indexOf(first);
    if (index < 0) return;
    const { range } = latest.current;
    // Scrolling measures the page, which a row in sight need not cost.
    if (range && index > range.startIndex && index < range.endIndex) return;
    const frame = requestAnimationFrame(() =>
      latest.current.scrollToIndex(index, { align: 'auto' }),
    );
    return () => cancelAnimationFrame(frame);
  }, [editor, first]);
}
