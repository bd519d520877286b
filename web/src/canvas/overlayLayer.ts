/** Everything alive on the canvas: active shapes, grips, gestures, prompts, ghosts, crosshair. */
import { toScreen, toScreenRect, type Camera, type Size } from '../editor/camera';
import type { Editor } from '../editor/editor';
import type { Prompt, Drawing, VertexMark } from '../editor/overlay';
import { outlineOf, type Bounds, type Outline } from '../editor/outline';
import { kUnknownLabel } from '../editor/labels';
import type { DiffKind } from '../editor/past';
import type { Entry } from '../editor/store';
import type { HandleLook } from '../editor/handles/handle';
import { handlesOf } from '../editor/handles/handles';
import { withBones } from '../editor/skeletons/bones';
import { hasVertices } from '../editor/vertices';
import type { Shape } from '../kernel/records';
import type { Free, Place } from './chipPlaces';
import type { ChipPainter, Chip } from './chips';
import { drawOthers, drawOthersSelections } from './companyLayer';
import { drawLoupe } from './loupe';
import type { NameChips } from './nameChips';
import { colorOf } from './coloring';
import { drawCrosshair } from './crosshair';
import { drawGuides } from './guides';
import { kActiveStyle, kHalo, kRestStyle, paintOutline, tracePaths } from './paint';
import { inImage, inScreen } from './space';

const kAi = '#A78BFA';
const kPositive = '#22C55E';
const kNegative = '#EF4444';
/** The legend in the banner has the same: features/history. */
const kDiffStyles: Record<DiffKind, { color: string; dash?: readonly number[] }> = {
  added: { color: '#4ADE80', dash: [3, 4] },
  changed: { color: '#FBBF24' },
  removed: { color: '#F87171', dash: [10, 5] },
};
/** Bounds without end: what is being drawn is never reduced to a dot. */
const kEverywhere: Bounds = [-1e9, -1e9, 1e9, 1e9];
/** How much stronger the fill of what is selected or under the pointer is. */
const kActiveFill = 1.55;
const kVertexPx = 4;
const kGripPx = 4.5;
/** A polygon with more vertices than this shows them only where they are apart on the screen. */
const kVertexGapPx = 6;

export interface OverlayFrame {
  context: CanvasRenderingContext2D;
  stage: Size;
  devicePixels: number;
  grips: boolean;
  free: Free;
  /** Where the chips of what is at rest stand. */
  taken: Place[];
  /** Seconds, for what moves by itself. */
  time: number;
  chips: ChipPainter;
  names: NameChips;
  /** The layers under this one. */
  below: readonly HTMLCanvasElement[];
}

/** Returns true while something needs another frame. */
export function drawOverlay(editor: Editor, active: ReadonlySet<string>, frame: OverlayFrame) {
  const { context, devicePixels } = frame;
  const camera = editor.view.camera.get();
  const state = editor.overlay.get();

  inImage(context, camera, devicePixels);
  drawGhosts(editor, context, camera);
  const company = { context, devicePixels, now: performance.now(), names: frame.names };
  drawOthersSelections(editor, company);
  drawPastDiff(editor, context, camera);
  const shown = activeShapes(editor, active);
  const look = editor.look.get();
  const fillAlpha = look.outlineOnly ? 0 : Math.min(1, look.fill * kActiveFill);
  for (const item of shown) {
    const style = item.selected ? kActiveStyle : kRestStyle;
    const width = item.selected ? kActiveStyle.width : kActiveStyle.width - 0.25;
    paintOutline(
      context,
      item.outline,
      { ...style, width, fillAlpha, color: item.color },
      camera.zoom,
    );
  }
  if (state.prompt) drawPromptArea(context, state.prompt, camera);
  if (state.drawing) drawDrawing(editor, context, state.drawing, camera, drawingColor(editor));
  const painting = [...state.painters.values()].map(
    (paint) => paint({ context, zoom: camera.zoom, time: frame.time }) === true,
  );
  inScreen(context, devicePixels);
  const { free, taken } = frame;
  const paintChips = (chips: readonly Chip[], must: boolean) =>
    frame.chips.paint(context, chips, camera, devicePixels, { free, taken, must });
  paintChips(shown.map(chipOf), true);
  paintChips(ghostChips(editor), false);
  if (frame.grips) drawGrips(editor, context, shown, camera);
  if (state.mark) drawMark(context, state.mark, camera);
  if (state.marquee) drawMarquee(context, state.marquee, camera);
  drawGuides(editor, context, camera);
  drawCrosshair(editor, context, camera);
  drawLoupe(editor, context, camera, frame.below, devicePixels);
  const waiting = state.prompt ? drawPromptPoints(frame, state.prompt, camera) : false;
  return drawOthers(editor, company) || waiting || painting.includes(true);
}

/** How now differs from the past that is shown; dashes tell what colour alone would not. */
function drawPastDiff(editor: Editor, context: CanvasRenderingContext2D, camera: Camera): void {
  for (const { kind, outline } of editor.pastDiff.get()) {
    if (!outline) continue;
    const { color, dash } = kDiffStyles[kind];
    const style = { color, fillAlpha: 0, width: 3, halo: true, ...(dash && { dash }) };
    paintOutline(context, outline, style, camera.zoom);
  }
}

interface ActiveShape {
  entry: Entry;
  shape: Shape;
  outline: Outline;
  color: string;
  name: string;
  selected: boolean;
}

function activeShapes(editor: Editor, active: ReadonlySet<string>): ActiveShape[] {
  const { replaced } = editor.overlay.get();
  const selection = editor.selection.get();
  return [...active].flatMap((id) => {
    const entry = editor.store.get(id);
    if (!entry?.placed || !editor.isVisible(entry)) return [];
    const label = editor.labelOf(entry.annotation);
    const shape = replaced.get(id) ?? entry.annotation.shape;
    const outline = replaced.has(id)
      ? (withBones(outlineOf(shape, editor.kernel), shape, label) ?? entry.outline)
      : entry.outline;
    const selected = selection.has(id);
    const color = colorOf(editor, entry.annotation);
    return [{ entry, shape, outline, color, name: label.name, selected }];
  });
}

function chipOf(item: ActiveShape): Chip {
  const [x0, y0, x1, y1] = item.outline.bounds;
  const size = item.selected ? `  ${Math.round(x1 - x0)} × ${Math.round(y1 - y0)}` : '';
  return { text: `${item.name}${size}`, color: item.color, bounds: item.outline.bounds };
}

function ghostChips(editor: Editor): Chip[] {
  return editor.ghosts.get().map((ghost) => ({
    text: `${ghost.title} ${Math.round(ghost.score * 100)}%`,
    color: kAi,
    bounds: ghost.outline.bounds,
  }));
}

function drawGhosts(editor: Editor, context: CanvasRenderingContext2D, camera: Camera): void {
  const focused = editor.focusedGhost.get();
  for (const ghost of editor.ghosts.get()) {
    const strong = ghost.id === focused;
    paintOutline(
      context,
      ghost.outline,
      {
        color: strong ? '#DDD6FE' : kAi,
        fillAlpha: strong ? 0.28 : 0.1,
        width: strong ? 2.5 : 1.75,
        halo: true,
        dash: [7, 5],
      },
      camera.zoom,
    );
  }
}

function drawingColor(editor: Editor): string {
  if (editor.tool.get() === 'segment') return kAi;
  return editor.currentLabel()?.color ?? '#38BDF8';
}

function drawDrawing(
  editor: Editor,
  context: CanvasRenderingContext2D,
  drawing: Drawing,
  camera: Camera,
  color: string,
): void {
  const outline = drawingOutline(editor, drawing);
  if (!outline) return;
  paintOutline(
    context,
    outline,
    { ...kActiveStyle, fillAlpha: 0.18, color },
    Math.max(camera.zoom, 1e-6),
  );
  if (drawing.kind === 'path') drawPathVertices(context, drawing, camera, color);
}

function drawingOutline(editor: Editor, drawing: Drawing): Outline | null {
  switch (drawing.kind) {
    case 'box':
      return boxOutline(drawing);
    case 'path':
      return pathOutline(drawing);
    case 'shape': {
      const label = editor.currentLabel() ?? kUnknownLabel;
      const outline = withBones(outlineOf(drawing.shape, editor.kernel), drawing.shape, label);
      return outline && { ...outline, bounds: kEverywhere };
    }
  }
}

function boxOutline(drawing: Drawing & { kind: 'box' }): Outline {
  const [x0, y0] = drawing.from;
  const [x1, y1] = drawing.to;
  const points = new Float32Array([x0, y0, x1, y0, x1, y1, x0, y1]);
  return lineOutline(points, true);
}

function pathOutline(drawing: Drawing & { kind: 'path' }): Outline {
  const points =
    drawing.closing || !drawing.cursor ? drawing.points : [...drawing.points, drawing.cursor];
  const outline = lineOutline(new Float32Array(points.flat()), drawing.closing);
  return drawing.open ? { ...outline, filled: false } : outline;
}

function lineOutline(points: Float32Array, closed: boolean): Outline {
  return {
    bounds: kEverywhere,
    paths: [{ points, closed }],
    marks: new Float32Array(0),
    filled: true,
  };
}

function drawPathVertices(
  context: CanvasRenderingContext2D,
  drawing: Drawing & { kind: 'path' },
  camera: Camera,
  color: string,
): void {
  drawing.points.forEach(([x, y], index) => {
    const big = index === 0 && drawing.points.length >= 3 && !drawing.open;
    const radius = (big ? kVertexPx + (drawing.closing ? 3 : 1) : kVertexPx) / camera.zoom;
    disc(context, x, y, radius, big && drawing.closing ? color : '#FFFFFF', 1.5 / camera.zoom);
  });
}

function disc(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  fill: string,
  ring: number,
  ringColor = '#0B1020',
): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = ring;
  context.strokeStyle = ringColor;
  context.stroke();
}

function drawGrips(
  editor: Editor,
  context: CanvasRenderingContext2D,
  shown: readonly ActiveShape[],
  camera: Camera,
): void {
  const chosen = shown.filter((item) => item.selected);
  const [item] = chosen;
  if (!item || chosen.length > 1 || editor.tool.get() !== 'select') return;
  if (!editor.mayChange(item.entry.annotation.id)) return;
  const label = editor.labelOf(item.entry.annotation);
  const handles = handlesOf(item.shape, { reach: (pixels) => editor.view.reach(pixels), label });
  for (const { x, y, look } of handles) {
    drawHandle(context, ...toScreen(camera, x, y), look);
  }
  if (hasVertices(item.shape)) drawVertices(context, item.outline, camera);
}

const kHandleFill: Record<HandleLook, string> = {
  corner: '#FFFFFF',
  side: '#FFFFFF',
  turn: '#38BDF8',
  joint: '#FFFFFF',
  joint_hidden: '#64748B',
  centre: '#FFFFFF',
};

function drawHandle(context: CanvasRenderingContext2D, x: number, y: number, look: HandleLook) {
  if (look === 'corner' || look === 'side') square(context, x, y);
  else disc(context, x, y, kVertexPx + 1, kHandleFill[look], 1.5);
}

function square(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  context.roundRect(x - kGripPx, y - kGripPx, 2 * kGripPx, 2 * kGripPx, 2);
  context.fillStyle = '#FFFFFF';
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = '#0B1020';
  context.stroke();
}

function drawVertices(context: CanvasRenderingContext2D, outline: Outline, camera: Camera): void {
  for (const points of [...outline.paths.map((path) => path.points), outline.marks]) {
    let lastX = Infinity;
    let lastY = Infinity;
    for (let i = 0; i < points.length; i += 2) {
      const [x, y] = toScreen(camera, points[i]!, points[i + 1]!);
      if (Math.hypot(x - lastX, y - lastY) < kVertexGapPx) continue;
      lastX = x;
      lastY = y;
      disc(context, x, y, kVertexPx, '#FFFFFF', 1.5);
    }
  }
}

function drawMark(context: CanvasRenderingContext2D, mark: VertexMark, camera: Camera): void {
  const [x, y] = toScreen(camera, mark.x, mark.y);
  disc(context, x, y, kVertexPx + 2, mark.kind === 'vertex' ? '#38BDF8' : '#FFFFFF', 2);
  if (mark.kind === 'vertex') return;
  context.beginPath();
  context.moveTo(x - 3, y);
  context.lineTo(x + 3, y);
  context.moveTo(x, y - 3);
  context.lineTo(x, y + 3);
  context.lineWidth = 1.5;
  context.strokeStyle = '#0B1020';
  context.stroke();
}

function drawMarquee(context: CanvasRenderingContext2D, bounds: Bounds, camera: Camera): void {
  const [x0, y0, x1, y1] = bounds;
  const box = toScreenRect(camera, { x: x0, y: y0, width: x1 - x0, height: y1 - y0 });
  const { x, y, width, height } = box;
  context.fillStyle = 'rgb(56 189 248 / .14)';
  context.fillRect(x, y, width, height);
  context.lineWidth = 3;
  context.strokeStyle = kHalo;
  context.strokeRect(x, y, width, height);
  context.lineWidth = 1.25;
  context.strokeStyle = '#38BDF8';
  context.strokeRect(x, y, width, height);
}

function drawPromptArea(context: CanvasRenderingContext2D, prompt: Prompt, camera: Camera): void {
  if (prompt.mask) {
    tracePaths(context, prompt.mask);
    context.fillStyle = 'rgb(139 92 246 / .42)';
    context.fill('evenodd');
    const style = { color: '#DDD6FE', fillAlpha: 0, width: 1.75, halo: true };
    paintOutline(context, prompt.mask, style, camera.zoom);
  }
  if (prompt.box) {
    const [x0, y0, x1, y1] = prompt.box;
    const outline = lineOutline(new Float32Array([x0, y0, x1, y0, x1, y1, x0, y1]), true);
    const style = { color: kAi, fillAlpha: 0, width: 1.75, halo: true, dash: [6, 4] };
    paintOutline(context, outline, style, camera.zoom);
  }
}

function drawPromptPoints(frame: OverlayFrame, prompt: Prompt, camera: Camera): boolean {
  const { context } = frame;
  for (const point of prompt.points) {
    const [x, y] = toScreen(camera, point.x, point.y);
    disc(context, x, y, 7, point.label === 1 ? kPositive : kNegative, 2, '#FFFFFF');
    context.beginPath();
    context.moveTo(x - 3, y);
    context.lineTo(x + 3, y);
    if (point.label === 1) {
      context.moveTo(x, y - 3);
      context.lineTo(x, y + 3);
    }
    context.lineWidth = 1.75;
    context.strokeStyle = '#FFFFFF';
    context.stroke();
  }
  if (!prompt.busyAt) return false;
  const [x, y] = toScreen(camera, ...prompt.busyAt);
  const turn = frame.time * 2 * Math.PI * 1.3;
  for (const [width, color] of [
    [5, kHalo],
    [2.5, '#DDD6FE'],
  ] as const) {
    context.beginPath();
    context.arc(x, y, 15, turn, turn + 1.5 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = color;
    context.stroke();
  }
  return true;
}
