/** What is on the canvas but not in the document: gestures under way, prompts, ghosts. */
import type { Point, Shape } from '../kernel/records';
import type { Bounds, Outline } from './outline';
import { Signal } from './signal';

export type Drawing =
  | { kind: 'box'; from: Point; to: Point }
  | { kind: 'path'; points: readonly Point[]; cursor: Point | null; closing: boolean };

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

/** A handle the pointer is over: a vertex, or a place on an edge where one would be born. */
export type VertexMark = { kind: 'vertex' | 'edge'; x: number; y: number };

export interface OverlayState {
  /** Shapes shown in place of the stored ones while a gesture changes them. */
  replaced: ReadonlyMap<string, Shape>;
  drawing: Drawing | null;
  marquee: Bounds | null;
  prompt: Prompt | null;
  mark: VertexMark | null;
}

export const kEmptyOverlay: OverlayState = {
  replaced: new Map(),
  drawing: null,
  marquee: null,
  prompt: null,
  mark: null,
};

export type Overlay = Signal<OverlayState>;

export function patchOverlay(overlay: Overlay, patch: Partial<OverlayState>): void {
  overlay.update((state) => ({ ...state, ...patch }));
}

/** A model's proposal, drawn as a dashed ghost until a person decides. */
export interface Ghost {
  id: string;
  outline: Outline;
  color: string;
  title: string;
  score: number;
}
