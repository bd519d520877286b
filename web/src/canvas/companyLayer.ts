/**
 * The others on the canvas: outlines of what they selected, a padlock with the name at what they
 * drag, and their cursors with name chips. Drawn with the overlay, from values that no React
 * component reads.
 */
import { toScreen, toScreenRect, type Camera } from '../editor/camera';
import type { Presence } from '../editor/company';
import type { Editor } from '../editor/editor';
import type { NameChips } from './nameChips';
import { kHalo, paintOutline } from './paint';

const kChipOffset = { x: 11, y: 15 };
const kLockPx = 18;
const kOutlinePx = 3.5;
const kSharedPx = 9;

export interface CompanyFrame {
  context: CanvasRenderingContext2D;
  devicePixels: number;
  /** Milliseconds of the company's clock. */
  now: number;
  names: NameChips;
}

/** The context is in image pixels. Below the shapes this person holds. */
export function drawOthersSelections(editor: Editor, frame: CompanyFrame): void {
  // What they hold they hold now.
  if (editor.past.get()) return;
  const camera = editor.view.camera.get();
  const own = editor.selection.get();
  for (const { person, selection } of editor.company.presences()) {
    for (const id of selection) {
      const entry = editor.store.get(id);
      if (!entry?.placed || !editor.isVisible(entry)) continue;
      // What both hold shows both colours, one's own inside.
      const width = own.has(id) ? kSharedPx : kOutlinePx;
      const style = { color: person.color, fillAlpha: 0, width, halo: !own.has(id) };
      paintOutline(frame.context, entry.outline, style, camera.zoom);
    }
  }
}

/** The context is in CSS pixels. Returns whether the next frame would look different. */
export function drawOthers(editor: Editor, frame: CompanyFrame): boolean {
  const camera = editor.view.camera.get();
  drawLocks(editor, frame, camera);
  let moving = false;
  for (const presence of editor.company.presences()) {
    moving = drawCursor(presence, frame, camera) || moving;
  }
  return moving;
}

function drawLocks(editor: Editor, frame: CompanyFrame, camera: Camera): void {
  if (editor.past.get()) return;
  for (const { target, person } of editor.company.held()) {
    const entry = editor.store.get(target);
    if (!entry?.placed || !editor.isVisible(entry)) continue;
    const [x0, y0, x1, y1] = entry.outline.bounds;
    const box = toScreenRect(camera, { x: x0, y: y0, width: x1 - x0, height: y1 - y0 });
    const x = Math.round(box.x);
    const y = Math.round(box.y + box.height) + 6;
    drawPadlock(frame.context, x, y, person.color);
    frame.names.paint(frame.context, person, x + kLockPx + 4, y, frame.devicePixels);
  }
}

function drawPadlock(context: CanvasRenderingContext2D, x: number, y: number, color: string): void {
  context.beginPath();
  context.arc(x + kLockPx / 2, y + kLockPx / 2, kLockPx / 2 + 1, 0, 2 * Math.PI);
  context.fillStyle = '#0B1020';
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = color;
  context.stroke();
  context.fillStyle = '#FFFFFF';
  context.beginPath();
  context.roundRect(x + 5, y + 8.5, 8, 5.5, 1.2);
  context.fill();
  context.beginPath();
  context.arc(x + 9, y + 8, 2.4, Math.PI, 0);
  context.lineWidth = 1.4;
  context.strokeStyle = '#FFFFFF';
  context.stroke();
}

function drawCursor(presence: Presence, frame: CompanyFrame, camera: Camera): boolean {
  const { cursor, person } = presence;
  if (!cursor) return false;
  const opacity = cursor.opacity(frame.now);
  if (opacity > 0) {
    const [x, y] = toScreen(camera, ...cursor.at(frame.now));
    const { context } = frame;
    context.globalAlpha = opacity;
    drawArrow(context, x, y, person.color);
    const chipX = Math.round(x + kChipOffset.x);
    frame.names.paint(context, person, chipX, Math.round(y + kChipOffset.y), frame.devicePixels);
    context.globalAlpha = 1;
  }
  return cursor.moving(frame.now);
}

/** A white rim inside a dark one: seen on any picture. */
function drawArrow(context: CanvasRenderingContext2D, x: number, y: number, color: string): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 4.6, y + 16.4);
  context.lineTo(x + 8, y + 9.8);
  context.lineTo(x + 15, y + 7.4);
  context.closePath();
  context.lineJoin = 'round';
  context.lineWidth = 4.5;
  context.strokeStyle = kHalo;
  context.stroke();
  context.lineWidth = 2.5;
  context.strokeStyle = '#FFFFFF';
  context.stroke();
  context.fillStyle = color;
  context.fill();
}
