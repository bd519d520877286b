/**
 * The handle of the selected object that the keyboard has hold of: a corner, a joint. Enter takes
 * the first one, Tab goes to the next, arrows drag it.
 */
import { t } from '../i18n/i18n';
import type { Shape } from '../kernel/records';
import type { Editor } from './editor';
import type { Handle } from './handles/handle';
import { dragHandle, handlesOf, isSound } from './handles/handles';
import { jointOf } from './handles/skeletonHandles';
import { setPainter, type PainterFrame } from './overlay';
import { nextVisibility, showJoint, type Joint } from './skeletons/joints';
import type { Entry } from './store';

/** An object by its id and one of its handles. */
export interface Grip {
  id: string;
  handle: string;
}

interface Reach {
  entry: Entry;
  handles: readonly Handle[];
}

const kRingPx = 9;

/** Where the one selected object can be taken hold of; null where it cannot. */
function withinReach(editor: Editor): Reach | null {
  const [entry, ...others] = editor.selected();
  if (!entry || others.length > 0 || editor.tool.get() !== 'select') return null;
  if (!editor.isVisible(entry) || !editor.mayChange(entry.annotation.id)) return null;
  const label = editor.labelOf(entry.annotation);
  const reach = (pixels: number) => editor.view.reach(pixels);
  return { entry, handles: handlesOf(entry.annotation.shape, { reach, label }) };
}

/** What the keyboard holds now; it lets go when the object is no longer the only one selected. */
export function heldGrip(editor: Editor): { entry: Entry; handle: Handle } | null {
  const grip = editor.grip.get();
  const reach = grip && withinReach(editor);
  if (!reach || reach.entry.annotation.id !== grip.id) return null;
  const handle = reach.handles.find((one) => one.id === grip.handle);
  return handle ? { entry: reach.entry, handle } : null;
}

/** False when there is nothing to hold. */
export function takeGrip(editor: Editor): boolean {
  const reach = withinReach(editor);
  const [first] = reach?.handles ?? [];
  if (!reach || !first) return false;
  hold(editor, reach, first);
  return true;
}

export function stepGrip(editor: Editor, by: 1 | -1): void {
  const reach = withinReach(editor);
  const grip = editor.grip.get();
  if (!reach || !grip) return;
  const at = reach.handles.findIndex((one) => one.id === grip.handle);
  const next = reach.handles[(at + by + reach.handles.length) % reach.handles.length];
  if (next) hold(editor, reach, next);
}

export function leaveGrip(editor: Editor): void {
  editor.grip.set(null);
  setPainter(editor.overlay, 'grip', null);
}

export function nudgeGrip(editor: Editor, dx: number, dy: number): void {
  const held = heldGrip(editor);
  if (!held) return;
  const { entry, handle } = held;
  const to = editor.view.clampToImage([handle.x + dx, handle.y + dy]);
  const keys = { shift: false, alt: false };
  const shape = dragHandle(entry.annotation.shape, handle.id, to, keys);
  if (isSound(shape)) setShape(editor, entry, shape, t('structure.steps.reshape'));
}

/** In sight, hidden, not in the picture: the joint that is held, or the one given. */
export function cycleJoint(editor: Editor, entry: Entry, handleId: string): void {
  const { shape } = entry.annotation;
  const name = jointOf(handleId);
  if (shape.type !== 'skeleton' || name === null) return;
  const joint = shape.points.find((one) => one.name === name);
  if (!joint) return;
  const visibility = nextVisibility(joint.visibility);
  const template = editor.labelOf(entry.annotation).skeleton;
  const next = showJoint(shape, name, visibility, template);
  setShape(editor, entry, next, t('structure.steps.visibility'));
  editor.announcements.emit(jointText({ ...joint, visibility }));
}

export function setShape(editor: Editor, entry: Entry, value: Shape, title: string): void {
  const { id: target, shape: prev } = entry.annotation;
  editor.commit(title, [{ op: 'set', target, field: 'shape', value, prev }]);
}

function hold(editor: Editor, { entry, handles }: Reach, handle: Handle): void {
  editor.grip.set({ id: entry.annotation.id, handle: handle.id });
  setPainter(editor.overlay, 'grip', (frame) => ring(editor, frame));
  editor.announcements.emit(gripText(entry.annotation.shape, handle, handles.indexOf(handle) + 1));
}

function gripText(shape: Shape, handle: Handle, number: number): string {
  const name = jointOf(handle.id);
  const joint = shape.type === 'skeleton' ? shape.points.find((one) => one.name === name) : null;
  return joint ? jointText(joint) : t('structure.grip.handle', { number });
}

function jointText({ name, visibility }: Joint): string {
  return t('structure.grip.joint', { name, visibility: t(`structure.visibility.${visibility}`) });
}

function ring(editor: Editor, { context, zoom }: PainterFrame): void {
  const handle = heldGrip(editor)?.handle;
  if (!handle) return;
  for (const [width, color] of [
    [5, 'rgb(11 16 32 / .8)'],
    [2.5, '#38BDF8'],
  ] as const) {
    context.beginPath();
    context.arc(handle.x, handle.y, kRingPx / zoom, 0, 2 * Math.PI);
    context.lineWidth = width / zoom;
    context.strokeStyle = color;
    context.stroke();
  }
}
