import { useEffect, useRef, type PointerEvent } from 'react';
import { axesOf } from '@/editor/camera';
import type { Editor } from '@/editor/editor';
import type { Guide } from '@/editor/view';
import { t } from '@/i18n/i18n';
import type { Point } from '@/kernel/records';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';

const kSide = 20;
/** Screen pixels between two marks with numbers, at least. */
const kMarkPx = 70;
const kGrabPx = 6;

type Edge = 'x' | 'y';

/** Rulers in image pixels along the top and the left; guides are pulled out of them. */
export function Rulers() {
  const { rulers } = useSignal(useEditor().look);
  if (!rulers) return null;
  return (
    <>
      <Ruler edge="x" />
      <Ruler edge="y" />
    </>
  );
}

function Ruler({ edge }: { edge: Edge }) {
  const editor = useEditor();
  const canvas = useRef<HTMLCanvasElement>(null);
  const held = useRef<number | null>(null);

  useEffect(() => {
    const draw = () => canvas.current && drawRuler(editor, canvas.current, edge);
    const { view } = editor;
    const signals = [view.camera, view.stage, view.guides];
    const stops = signals.map((signal) => signal.subscribe(draw));
    draw();
    return () => stops.forEach((stop) => stop());
  }, [editor, edge]);

  const down = (event: PointerEvent<HTMLCanvasElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const place = stagePoint(event);
    held.current = guideAt(editor, edge, place) ?? addGuide(editor, edge, place);
  };
  const move = (event: PointerEvent<HTMLCanvasElement>) => {
    if (held.current === null) return;
    const { view } = editor;
    const place = stagePoint(event);
    view.guides.update((guides) =>
      guides.map((guide, index) => (index === held.current ? moved(editor, guide, place) : guide)),
    );
  };
  const up = (event: PointerEvent<HTMLCanvasElement>) => {
    const back = inside(event);
    const index = held.current;
    held.current = null;
    if (!back || index === null) return;
    editor.view.guides.update((guides) => guides.filter((_, other) => other !== index));
  };
  return (
    <canvas
      ref={canvas}
      className={`ruler ruler-${edge}`}
      role="img"
      aria-label={t(`canvas.rulers.${edge}`)}
      data-testid={`ruler-${edge}`}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
    />
  );
}

function stagePoint(event: PointerEvent<HTMLCanvasElement>): Point {
  const stage = event.currentTarget.parentElement!.getBoundingClientRect();
  return [event.clientX - stage.left, event.clientY - stage.top];
}

function inside(event: PointerEvent<HTMLCanvasElement>): boolean {
  const box = event.currentTarget.getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  return x >= box.left && x < box.right && y >= box.top && y < box.bottom;
}

/** A guide from the upper ruler lies across the screen: which axis that is, the view's turn says. */
function axisAcross(editor: Editor, edge: Edge): Edge {
  const upright = axesOf(editor.view.camera.get())[0] !== 0;
  return (edge === 'x') === upright ? 'y' : 'x';
}

function moved(editor: Editor, guide: Guide, place: Point): Guide {
  const [x, y] = editor.view.toImage(place);
  return { axis: guide.axis, at: Math.round(guide.axis === 'x' ? x : y) };
}

/** A guide that is marked on this ruler: the upper one shows those that stand upright. */
function guideAt(editor: Editor, edge: Edge, place: Point): number | null {
  const standing = axisAcross(editor, edge === 'x' ? 'y' : 'x');
  const side = edge === 'x' ? 0 : 1;
  const index = editor.view.guides.get().findIndex(({ axis, at }) => {
    if (axis !== standing) return false;
    const shown = editor.view.toScreen(axis === 'x' ? [at, 0] : [0, at]);
    return Math.abs(shown[side] - place[side]) <= kGrabPx;
  });
  return index < 0 ? null : index;
}

function addGuide(editor: Editor, edge: Edge, place: Point): number {
  const guide = moved(editor, { axis: axisAcross(editor, edge), at: 0 }, place);
  editor.view.guides.update((guides) => [...guides, guide]);
  return editor.view.guides.get().length - 1;
}

/** 1, 2 or 5 times a power of ten. */
function markStep(zoom: number): number {
  const least = kMarkPx / zoom;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}

function drawRuler(editor: Editor, canvas: HTMLCanvasElement, edge: Edge): void {
  const pixels = window.devicePixelRatio || 1;
  const { offsetLeft, offsetTop, offsetWidth: width, offsetHeight: height } = canvas;
  canvas.width = width * pixels;
  canvas.height = height * pixels;
  const context = canvas.getContext('2d')!;
  context.scale(pixels, pixels);
  const across = edge === 'x';
  const length = across ? width : height;
  const start = across ? offsetLeft : offsetTop;
  const ink = getComputedStyle(canvas).color;
  const axis = axisAcross(editor, across ? 'y' : 'x');
  const read = (at: number) => {
    const point = editor.view.toImage(across ? [start + at, 0] : [0, start + at]);
    return axis === 'x' ? point[0] : point[1];
  };
  const place = (value: number) => {
    const shown = editor.view.toScreen(axis === 'x' ? [value, 0] : [0, value]);
    return (across ? shown[0] : shown[1]) - start;
  };
  const step = markStep(editor.view.camera.get().zoom);
  const [low, high] = [read(0), read(length)].sort((a, b) => a - b) as [number, number];
  context.fillStyle = ink;
  context.strokeStyle = ink;
  context.font = "10px 'Inter Variable', system-ui, sans-serif";
  for (let value = Math.floor(low / step) * step; value <= high; value += step / 5) {
    const long = Math.abs(value / step - Math.round(value / step)) < 0.01;
    drawMark(
      context,
      Math.round(place(value)) + 0.5,
      across,
      long,
      long ? `${Math.round(value)}` : '',
    );
  }
  const pointer = '#22D3EE';
  context.fillStyle = pointer;
  for (const guide of editor.view.guides.get()) {
    if (guide.axis !== axis) continue;
    const at = place(guide.at);
    context.fillRect(
      across ? at - 3 : 0,
      across ? 0 : at - 3,
      across ? 6 : kSide,
      across ? kSide : 6,
    );
  }
}

function drawMark(
  context: CanvasRenderingContext2D,
  at: number,
  across: boolean,
  long: boolean,
  text: string,
): void {
  const from = kSide - (long ? 10 : 4);
  context.beginPath();
  context.moveTo(across ? at : from, across ? from : at);
  context.lineTo(across ? at : kSide, across ? kSide : at);
  context.stroke();
  if (text === '') return;
  context.save();
  if (across) context.translate(at + 3, 10);
  else context.transform(0, -1, 1, 0, 10, at - 3);
  context.fillText(text, 0, 0);
  context.restore();
}
