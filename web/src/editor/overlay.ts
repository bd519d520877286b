/** What is on the canvas but not in the document: gestures under way, prompts, ghosts. */
import type { Point, Shape } from '../kernel/records';
import type { Bounds, Outline } from './outline';
import { Signal } from './signal';

export type Drawing =
  | { kind: 'box'; from: Point; to: Point }
  | {
      kind: 'path';
      points: readonly Point[];
      cursor: Point | null;
      closing: boolean;
      /** A line: without an area. */
      open?: boolean;
    }
  /** Any shape, as it would be stored. */
  | { kind: 'shape'; shape: Shape };

export interface PromptPoint {
  x: number;
  y: number;
  label: 0 | 1;
}

export interface Prompt {
  points: readonly PromptPoint[];
  box: Bounds | null;
  mask: Outline | null;
  score: number | null;
  /** Where to show that an answer is awaited. */
  busyAt: Point | null;
}

/** What a painter knows of the view; the context is in image pixels when it is called. */
export interface PainterFrame {
  context: CanvasRenderingContext2D;
  /** CSS pixels that an image pixel covers: line widths are divided by it. */
  zoom: number;
  /** Seconds, for what moves by itself. */
  time: number;
}

/** Draws what only its tool knows. Returns true while it needs another frame. */
export type OverlayPainter = (frame: PainterFrame) => boolean | void;

/** A handle the pointer is over: a vertex, or a place on an edge where one would be born. */
export type VertexMark = { kind: 'vertex' | 'edge'; x: number; y: number };

export interface OverlayState {
  /** Shapes shown in place of the stored ones while a gesture changes them. */
  replaced: ReadonlyMap<string, Shape>;
  drawing: Drawing | null;
  marquee: Bounds | null;
  prompt: Prompt | null;
  mark: VertexMark | null;
  /** By the name of who put it there, drawn over the active shapes. */
  painters: ReadonlyMap<string, OverlayPainter>;
}

export const kEmptyOverlay: OverlayState = {
  replaced: new Map(),
  drawing: null,
  marquee: null,
  prompt: null,
  mark: null,
  painters: new Map(),
};

export type Overlay = Signal<OverlayState>;

export function patchOverlay(overlay: Overlay, patch: Partial<OverlayState>): void {
  overlay.update((state) => ({ ...state, ...patch }));
}

/** Puts a painter on the overlay, or takes it off. */
export function setPainter(overlay: Overlay, name: string, painter: OverlayPainter | null): void {
  overlay.update((state) => {
    const painters = new Map(state.painters);
    if (painter) painters.set(name, painter);
    else painters.delete(name);
    return { ...state, painters };
  });
}

/** A model's proposal, drawn as a dashed ghost until a person decides. */
export interface Ghost {
  id: string;
  outline: Outline;
  color: string;
  title: string;
  score: number;
}
