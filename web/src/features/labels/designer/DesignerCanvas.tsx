import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { t } from '@/i18n/i18n';
import {
  type SkeletonDraft,
  addPoint,
  changePoint,
  removePoint,
  toggleBone,
} from './skeletonDraft';

export interface DesignerProps {
  draft: SkeletonDraft;
  /** The point that was chosen last; bones go from it. */
  chosen: number | null;
  onChange: (draft: SkeletonDraft) => void;
  onChoose: (index: number | null) => void;
}

const kSide = 400;
const kMargin = 20;
const kStep = 0.01;
const kArrows: Record<string, readonly [number, number]> = {
  ArrowLeft: [-kStep, 0],
  ArrowRight: [kStep, 0],
  ArrowUp: [0, -kStep],
  ArrowDown: [0, kStep],
};

function px(unit: number): number {
  return kMargin + unit * (kSide - 2 * kMargin);
}

/** Click puts a point, drag moves it, Shift and a click joins it with the chosen one. */
export function DesignerCanvas(props: DesignerProps & { color: string }) {
  const { draft, chosen, color, onChange, onChoose } = props;
  const ref = useRef<SVGSVGElement>(null);
  const dragged = useRef<number | null>(null);

  const place = ({ clientX, clientY }: PointerEvent): [number, number] => {
    const box = ref.current!.getBoundingClientRect();
    const along = (at: number, start: number, length: number) =>
      (((at - start) / length) * kSide - kMargin) / (kSide - 2 * kMargin);
    return [along(clientX, box.left, box.width), along(clientY, box.top, box.height)];
  };
  const press = (event: PointerEvent<SVGSVGElement>) => {
    if (event.button !== 0) return;
    const hit = (event.target as Element).closest('[data-point]')?.getAttribute('data-point');
    const index = hit ? Number(hit) : draft.points.length;
    if (hit && event.shiftKey && chosen !== null) return onChange(toggleBone(draft, chosen, index));
    if (!hit) onChange(addPoint(draft, ...place(event)));
    onChoose(index);
    dragged.current = index;
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const drag = (event: PointerEvent) => {
    const index = dragged.current;
    if (index === null || !draft.points[index]) return;
    const [x, y] = place(event);
    onChange(changePoint(draft, index, { x, y }));
  };
  const keys = (event: KeyboardEvent, index: number) => {
    const point = draft.points[index]!;
    const arrow = kArrows[event.key];
    if (arrow) {
      const by = event.shiftKey ? 5 : 1;
      onChange(
        changePoint(draft, index, { x: point.x + arrow[0] * by, y: point.y + arrow[1] * by }),
      );
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      onChange(removePoint(draft, index));
      onChoose(null);
    } else if (event.key === 'Enter' || event.key === ' ') {
      if (chosen === null || chosen === index) onChoose(chosen === index ? null : index);
      else onChange(toggleBone(draft, chosen, index));
    } else return;
    event.preventDefault();
  };

  return (
    <svg
      ref={ref}
      className="designer-canvas"
      viewBox={`0 0 ${kSide} ${kSide}`}
      role="group"
      aria-label={t('labels.designer.canvas')}
      data-testid="skeleton-canvas"
      onPointerDown={press}
      onPointerMove={drag}
      onPointerUp={() => (dragged.current = null)}
      onPointerCancel={() => (dragged.current = null)}
    >
      {draft.bones.map(([from, to]) => {
        const [a, b] = [draft.points[from], draft.points[to]];
        if (!a || !b) return null;
        const ends = { x1: px(a.x), y1: px(a.y), x2: px(b.x), y2: px(b.y) };
        return <line key={`${from} ${to}`} {...ends} stroke={color} strokeWidth={3} />;
      })}
      {draft.points.map((point, index) => (
        <g
          key={index}
          data-point={index}
          role="button"
          tabIndex={0}
          aria-label={`${index + 1} ${point.name}`}
          aria-pressed={chosen === index}
          transform={`translate(${px(point.x)} ${px(point.y)})`}
          onKeyDown={(event) => keys(event, index)}
        >
          <circle className="designer-reach" r={14} />
          <circle className="designer-point" r={6} fill={color} />
          <text x={9} y={-7}>
            {index + 1}
          </text>
        </g>
      ))}
    </svg>
  );
}
