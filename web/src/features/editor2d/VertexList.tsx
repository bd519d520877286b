import { Plus, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { addVertex } from '@/editor/addVertex';
import { focusVertex } from '@/editor/vertexFocus';
import { deleteVertex, moveVertex, ringsOf, type VertexRef } from '@/editor/vertices';
import { t } from '@/i18n/i18n';
import type { Annotation, Point } from '@/kernel/records';
import { Button } from '@/ui/Button';
import { NumberField } from './NumberField';
import { useFixedRows } from './useFixedRows';
import { useEditor } from './workspace';

const kRowHeight = 34;

interface Row {
  at: VertexRef;
  point: Point;
}

/** Every vertex of a shape; only the rows in sight exist, so long outlines stay quick. */
export function VertexList({ annotation }: { annotation: Annotation }) {
  const editor = useEditor();
  const [open, setOpen] = useState(false);
  const rows = ringsOf(annotation.shape).flatMap(({ part, hole, points }): Row[] =>
    points.map((point, index) => ({ at: { part, hole, index }, point })),
  );
  return (
    <details
      className="vertices"
      data-testid="vertex-list"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{t('tools.numeric.vertices', { count: rows.length })}</summary>
      {open ? <VertexRows annotation={annotation} rows={rows} /> : null}
      {open && annotation.shape.type === 'points' ? (
        <Button size="s" variant="ghost" icon={<Plus />} onClick={() => addVertex(editor)}>
          {t('tools.numeric.addPoint')}
        </Button>
      ) : null}
    </details>
  );
}

function VertexRows({ annotation, rows }: { annotation: Annotation; rows: readonly Row[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { indices } = useFixedRows(scroller, rows.length, kRowHeight);
  return (
    <div ref={scroller} className="vertex-rows">
      <div style={{ height: rows.length * kRowHeight }}>
        {indices.map((index) => (
          <div
            key={index}
            className="vertex-row"
            style={{ transform: `translateY(${index * kRowHeight}px)` }}
          >
            <VertexFields annotation={annotation} row={rows[index]!} number={index + 1} />
          </div>
        ))}
      </div>
    </div>
  );
}

interface VertexFieldsProps {
  annotation: Annotation;
  row: Row;
  number: number;
}

function VertexFields({ annotation, row: { at, point }, number }: VertexFieldsProps) {
  const editor = useEditor();
  const [x, y] = point;
  const move = (to: Point) => {
    const place = editor.view.clampToImage(to);
    editor.commit(t('tools.steps.moveVertex'), [moveVertex(annotation, at, ...place)]);
  };
  const remove = () => {
    const operation = deleteVertex(annotation, at);
    if (operation) editor.commit(t('tools.steps.deleteVertex'), [operation]);
    else editor.notices.emit({ tone: 'info', code: 'vertex_needed' });
  };
  const field = { onFocus: () => focusVertex(editor, at) };
  return (
    <>
      <span className="vertex-number num" aria-hidden="true">
        {number}
      </span>
      <NumberField
        key={`x/${x}`}
        title={t('tools.numeric.x')}
        label={t('tools.numeric.vertexX', { number })}
        value={x}
        onChange={(value) => move([value, y])}
        {...field}
      />
      <NumberField
        key={`y/${y}`}
        title={t('tools.numeric.y')}
        label={t('tools.numeric.vertexY', { number })}
        value={y}
        onChange={(value) => move([x, value])}
        {...field}
      />
      <Button
        size="s"
        variant="ghost"
        icon={<Trash2 />}
        aria-label={t('tools.numeric.removeVertex', { number })}
        onClick={remove}
      />
    </>
  );
}
