import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { axesOf } from '@/editor/camera';
import type { Editor } from '@/editor/editor';
import type { Guide } from '@/editor/view';
import { t } from '@/i18n/i18n';
import type { Point } from '@/kernel/records';
import { guideKey, type Held } from './guideKeys';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';
import './view.css';

const kSide = 20;
/** Screen pixels between two marks with numbers, at least. */
const kMarkPx = 70;
const kGrabPx = 6;
const kGuide = '#22D3EE';
const kFont = "10px 'Inter Variable', system-ui, sans-serif";

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
  const [inHand, setInHand] = useState<Held>(null);
  const guides = useSignal(editor.view.guides);

  useEffect(() => {
    const draw = () => canvas.current && drawRuler(editor, canvas.current, edge, inHand);
    const { view } = editor;
    const signals = [view.camera, view.stage, view.guides];
    const stops = signals.map((signal) => signal.subscribe(draw));
    draw();
    return () => stops.forEach((stop) => stop());
  }, [editor, edge, inHand]);

  const down = (event: PointerEvent<HTMLCanvasElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const place = stagePoint(event);
    held.current = guideAt(editor, edge, place) ?? addGuide(editor, edge, place);
  };
  const move = (event: PointerEvent<HTMLCanvasElement>) => {
    if (held.current === null) return;
    const { view } = editor;
    const place = stagePoint(event);
    view.guides.update((all) =>
      all.map((guide, index) => (index === held.current ? moved(editor, guide, place) : guide)),
    );
  };
  const up = (event: PointerEvent<HTMLCanvasElement>) => {
    const back = inside(event);
    const index = held.current;
    held.current = null;
    if (!back || index === null) return;
    editor.view.guides.update((all) => all.filter((_, other) => other !== index));
  };
  // A guide is told by the ruler it crosses: the upper one has those that stand upright.
  const axis = axisAcross(editor, edge === 'x' ? 'y' : 'x');
  const key = (event: KeyboardEvent) => {
    const next = guideKey(editor, axis, inHand, event);
    if (next === undefined) return;
    event.preventDefault();
    setInHand(next);
  };
  const own = guides.filter((guide) => guide.axis === axis);
  const now = inHand === null ? undefined : guides[inHand];
  const { width, height } = editor.view.image.get();
  return (
    <canvas
      ref={canvas}
      className={`ruler ruler-${edge}`}
      role="slider"
      tabIndex={0}
      aria-label={t(`canvas.rulers.${edge}`)}
      aria-orientation={edge === 'x' ? 'horizontal' : 'vertical'}
      aria-valuemin={0}
      aria-valuemax={axis === 'x' ? width : height}
      aria-valuenow={now?.at ?? 0}
      aria-valuetext={
        now
          ? t('canvas.rulers.guide', {
              number: own.indexOf(now) + 1,
              count: own.length,
              at: now.at,
            })
          : t('canvas.rulers.guides', { count: own.length })
      }
      title={t('canvas.rulers.keys')}
      onKeyDown={key}
      onBlur={() => setInHand(null)}
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

/** A guide from the upper ruler lies across the screen; which axis that is, the turn says. */
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

/** What is along one ruler: image pixels at its pixels, and the other way round. */
interface Scale {
  axis: Edge;
  length: number;
  valueAt(at: number): number;
  placeOf(value: number): number;
}

function scaleAlong(editor: Editor, canvas: HTMLCanvasElement, edge: Edge): Scale {
  const across = edge === 'x';
  const start = across ? canvas.offsetLeft : canvas.offsetTop;
  const side = across ? 0 : 1;
  const axis = axisAcross(editor, across ? 'y' : 'x');
  return {
    axis,
    length: across ? canvas.offsetWidth : canvas.offsetHeight,
    valueAt: (at) => {
      const point = editor.view.toImage(across ? [start + at, 0] : [0, start + at]);
      return axis === 'x' ? point[0] : point[1];
    },
    placeOf: (value) => editor.view.toScreen(axis === 'x' ? [value, 0] : [0, value])[side] - start,
  };
}

function drawRuler(editor: Editor, canvas: HTMLCanvasElement, edge: Edge, inHand: Held): void {
  const pixels = window.devicePixelRatio || 1;
  canvas.width = canvas.offsetWidth * pixels;
  canvas.height = canvas.offsetHeight * pixels;
  const context = canvas.getContext('2d')!;
  context.scale(pixels, pixels);
  context.fillStyle = context.strokeStyle = getComputedStyle(canvas).color;
  context.font = kFont;
  const scale = scaleAlong(editor, canvas, edge);
  drawMarks(context, scale, edge, markStep(editor.view.camera.get().zoom));
  context.fillStyle = kGuide;
  for (const [index, guide] of editor.view.guides.get().entries()) {
    if (guide.axis !== scale.axis) continue;
    const wide = index === inHand ? 12 : 6;
    const from = scale.placeOf(guide.at) - wide / 2;
    if (edge === 'x') context.fillRect(from, 0, wide, kSide);
    else context.fillRect(0, from, kSide, wide);
  }
}

function drawMarks(context: CanvasRenderingContext2D, scale: Scale, edge: Edge, step: number) {
  const ends = [scale.valueAt(0), scale.valueAt(scale.length)];
  const low = Math.floor(Math.min(...ends) / step) * step;
  const high = Math.max(...ends);
  for (let value = low; value <= high; value += step / 5) {
    const long = Math.abs(value / step - Math.round(value / step)) < 0.01;
    const at = Math.round(scale.placeOf(value)) + 0.5;
    drawMark(context, at, edge === 'x', long, long ? `${Math.round(value)}` : '');
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
