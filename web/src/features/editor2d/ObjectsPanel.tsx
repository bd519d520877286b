import { useVirtualizer } from '@tanstack/react-virtual';
import { Eye, EyeOff, Sparkles, SquareDashed, Trash2 } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { deleteObjects, toggleHidden } from '@/editor/commands/editCommands';
import type { Entry } from '@/editor/store';
import { IconButton } from '@/ui/Button';
import { ObjectDetails } from './ObjectDetails';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';

const kRowHeight = 34;

export function ObjectsPanel() {
  const editor = useEditor();
  const version = useSignal(editor.store.version);
  const selection = useSignal(editor.selection);
  const hidden = useSignal(editor.hidden);
  // Newest first: what was just drawn is at the top.
  const entries = useMemo(() => [...editor.store.ordered()].reverse(), [editor, version]);
  const ids = entries.map((entry) => entry.annotation.id);
  const allHidden = ids.length > 0 && ids.every((id) => hidden.has(id));
  return (
    <section className="objects" aria-label="Objects">
      <header className="panel-head">
        <h2>Objects</h2>
        <span className="panel-count num" data-testid="object-count">
          {entries.length}
        </span>
        <IconButton
          size="s"
          label={allHidden ? 'Show all' : 'Hide all'}
          keys="Shift H"
          icon={allHidden ? <EyeOff /> : <Eye />}
          disabled={entries.length === 0}
          onClick={() => toggleHidden(editor, ids)}
        />
      </header>
      {entries.length === 0 ? <NoObjects /> : <ObjectList entries={entries} />}
      {selection.size > 0 ? <ObjectDetails /> : null}
    </section>
  );
}

function NoObjects() {
  return (
    <div className="objects-empty">
      <SquareDashed aria-hidden="true" />
      <p>
        Nothing here yet. Press <kbd>R</kbd> for a box, <kbd>P</kbd> for a polygon or{' '}
        <kbd>A</kbd> to click an object.
      </p>
    </div>
  );
}

function ObjectList({ entries }: { entries: readonly Entry[] }) {
  const editor = useEditor();
  const selection = useSignal(editor.selection);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => kRowHeight,
    getItemKey: (index) => entries[index]?.annotation.id ?? index,
    overscan: 8,
  });
  const first = entries.findIndex((entry) => selection.has(entry.annotation.id));
  useEffect(() => {
    if (first >= 0) virtual.scrollToIndex(first, { align: 'auto' });
  }, [first, virtual]);
  return (
    <div ref={scroller} className="object-list">
      <ul style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const entry = entries[item.index];
          return entry ? (
            <ObjectRow
              key={item.key}
              entry={entry}
              number={entries.length - item.index}
              count={entries.length}
              top={item.start}
            />
          ) : null;
        })}
      </ul>
    </div>
  );
}

interface ObjectRowProps {
  entry: Entry;
  number: number;
  count: number;
  top: number;
}

function ObjectRow({ entry, number, count, top }: ObjectRowProps) {
  const editor = useEditor();
  const { annotation, outline } = entry;
  const { id } = annotation;
  const labels = useSignal(editor.labels);
  const selected = useSignal(editor.selection).has(id);
  const hovered = useSignal(editor.hovered) === id;
  const hidden = useSignal(editor.hidden).has(id);
  const label = useMemo(() => editor.labelOf(annotation), [editor, annotation, labels]);
  const [x0, y0, x1, y1] = outline.bounds;

  const choose = (event: React.MouseEvent) => {
    const many = event.ctrlKey || event.metaKey || event.shiftKey;
    editor.tool.set('select');
    if (!many) return editor.select([id]);
    const next = new Set(editor.selection.get());
    if (next.has(id)) next.delete(id);
    else next.add(id);
    editor.select(next);
  };

  return (
    <li
      className="object-row"
      style={{ transform: `translateY(${top}px)` }}
      data-hovered={hovered || undefined}
      data-selected={selected || undefined}
      data-hidden={hidden || undefined}
      aria-setsize={count}
      aria-posinset={count - number + 1}
      onPointerEnter={() => editor.hovered.set(id)}
      onPointerLeave={() => editor.hovered.set(null)}
    >
      <button
        type="button"
        className="object-main"
        aria-pressed={selected}
        onClick={choose}
        onDoubleClick={() => entry.placed && editor.view.show(outline.bounds)}
      >
        <span className="swatch" style={{ background: label.color }} />
        <span className="truncate">{label.name}</span>
        <span className="object-number num">{number}</span>
        {annotation.source === 'model' ? (
          <Sparkles className="ai-ink" aria-label="Proposed by a model" />
        ) : null}
        <span className="object-size num">
          {entry.placed ? `${Math.round(x1 - x0)} × ${Math.round(y1 - y0)}` : annotation.shape.type}
        </span>
      </button>
      <IconButton
        size="s"
        label={hidden ? 'Show' : 'Hide'}
        keys="H"
        icon={hidden ? <EyeOff /> : <Eye />}
        onClick={() => toggleHidden(editor, [id])}
      />
      <IconButton
        size="s"
        label="Delete"
        keys="Del"
        icon={<Trash2 />}
        onClick={() => deleteObjects(editor, [id])}
      />
    </li>
  );
}
