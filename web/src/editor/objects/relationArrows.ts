/** Arrows between objects on the overlay: those of what is selected or hovered, or all. */
import type { Point } from '../../kernel/records';
import type { Editor } from '../editor';
import { setPainter, type PainterFrame } from '../overlay';
import type { Bounds } from '../outline';
import { allArrows, arrowsAt, type Arrow } from './relations';

const kPainter = 'relations';
const kInk = '#FDE68A';
const kHalo = 'rgb(11 16 32 / .85)';
const kHeadPx = 11;
const kBend = 0.12;
/** So many arrows at once are a drawing of nothing. */
const kArrowsMax = 2_000;

export function boundsCentre([x0, y0, x1, y1]: Bounds): Point {
  return [(x0 + x1) / 2, (y0 + y1) / 2];
}

/** Keeps the arrows on the overlay; returns what stops it. */
export function showArrows(editor: Editor): () => void {
  let shown = false;
  const show = () => {
    const arrows = arrowsToShow(editor);
    if (arrows.length === 0 && !shown) return;
    shown = arrows.length > 0;
    setPainter(
      editor.overlay,
      kPainter,
      shown ? (frame) => arrows.forEach((arrow) => paintArrow(editor, frame, arrow)) : null,
    );
  };
  const stops = [
    editor.selection.subscribe(show),
    editor.hovered.subscribe(show),
    editor.allArrows.subscribe(show),
    editor.visibility.subscribe(show),
    editor.store.version.subscribe(show),
  ];
  show();
  return () => {
    for (const stop of stops) stop();
    setPainter(editor.overlay, kPainter, null);
  };
}

function arrowsToShow(editor: Editor): Arrow[] {
  const found = editor.allArrows.get() ? allArrows(editor) : activeArrows(editor);
  return found
    .slice(0, kArrowsMax)
    .filter(({ from, to }) => isShown(editor, from) && isShown(editor, to));
}

/** Of a large selection only the first: this runs with every step of a marquee. */
const kActiveMax = 100;

function activeArrows(editor: Editor): Arrow[] {
  const hovered = editor.hovered.get();
  const ids = new Set([...editor.selection.get()].slice(0, kActiveMax));
  if (hovered !== null) ids.add(hovered);
  const arrows = [...ids].flatMap((id) => arrowsAt(editor, id));
  const known = new Map(arrows.map((arrow) => [`${arrow.from} ${arrow.to} ${arrow.kind}`, arrow]));
  return [...known.values()];
}

function isShown(editor: Editor, id: string): boolean {
  const entry = editor.store.get(id);
  return entry !== undefined && entry.placed && editor.isVisible(entry);
}

function paintArrow(editor: Editor, frame: PainterFrame, { from, to, kind }: Arrow): void {
  const start = editor.store.get(from);
  const end = editor.store.get(to);
  if (!start || !end) return;
  const a = boundsCentre(start.outline.bounds);
  const b = boundsCentre(end.outline.bounds);
  const middle = paintCurve(frame, a, leave(end.outline.bounds, b, a), false);
  if (kind !== '') paintText(frame, kind, middle);
}

export function paintPendingArrow(frame: PainterFrame, from: Point, to: Point): void {
  paintCurve(frame, from, to, true);
}

/** Where the line from the centre towards `other` leaves the box. */
function leave([x0, y0, x1, y1]: Bounds, centre: Point, other: Point): Point {
  const dx = other[0] - centre[0];
  const dy = other[1] - centre[1];
  const across = Math.max(
    Math.abs(dx) / Math.max(1e-6, (x1 - x0) / 2),
    Math.abs(dy) / Math.max(1e-6, (y1 - y0) / 2),
  );
  if (across <= 1) return centre;
  return [centre[0] + dx / across, centre[1] + dy / across];
}

function paintCurve({ context, zoom }: PainterFrame, a: Point, b: Point, pending: boolean): Point {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const bend: Point = [(a[0] + b[0]) / 2 - dy * kBend, (a[1] + b[1]) / 2 + dx * kBend];
  const angle = Math.atan2(b[1] - bend[1], b[0] - bend[0]);
  const head = kHeadPx / zoom;
  context.lineCap = 'round';
  if (pending) context.setLineDash([6 / zoom, 5 / zoom]);
  for (const [width, color] of [
    [5, kHalo],
    [2, kInk],
  ] as const) {
    context.lineWidth = width / zoom;
    context.strokeStyle = color;
    context.beginPath();
    context.moveTo(...a);
    context.quadraticCurveTo(...bend, ...b);
    context.stroke();
  }
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(...b);
  for (const turn of [0.42, -0.42]) {
    context.lineTo(b[0] - head * Math.cos(angle + turn), b[1] - head * Math.sin(angle + turn));
  }
  context.closePath();
  context.lineWidth = 3 / zoom;
  context.strokeStyle = kHalo;
  context.stroke();
  context.fillStyle = kInk;
  context.fill();
  context.lineCap = 'butt';
  return [(a[0] + 2 * bend[0] + b[0]) / 4, (a[1] + 2 * bend[1] + b[1]) / 4];
}

function paintText({ context, zoom }: PainterFrame, text: string, [x, y]: Point): void {
  context.font = `600 ${12 / zoom}px 'Inter Variable', sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineWidth = 4 / zoom;
  context.lineJoin = 'round';
  context.strokeStyle = kHalo;
  context.strokeText(text, x, y);
  context.fillStyle = kInk;
  context.fillText(text, x, y);
  context.textAlign = 'start';
  context.textBaseline = 'alphabetic';
}
