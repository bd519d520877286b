/**
 * The annotation vocabulary the kernel, the server and the editor share. Coordinates are pixels of
 * the upright original image, stored exactly as given; (0, 0) is the corner of the first pixel.
 */
export type Point = readonly [number, number];

export interface BoxShape {
  type: 'box';
  x: number;
  y: number;
  width: number;
  height: number;
  /** Degrees, clockwise, about the centre. */
  rotation?: number;
}

/** Keys name vertices of the whole shape and never change while others come and go. */
export interface PolygonPart {
  points: Point[];
  keys?: string[];
  holes?: Point[][];
  hole_keys?: string[][];
}

export interface PolygonShape {
  type: 'polygon';
  parts?: PolygonPart[];
  /** Short form of one part without holes. */
  points?: Point[];
  keys?: string[];
}

export interface PathShape {
  type: 'polyline' | 'points';
  points: Point[];
  keys?: string[];
}

/** COCO compressed run lengths over `[height, width]`. */
export interface Rle {
  size: [number, number];
  counts: string;
}

export interface MaskShape {
  type: 'mask';
  rle: Rle;
}

export interface SkeletonShape {
  type: 'skeleton';
  points: { name: string; x: number; y: number; visibility: 0 | 1 | 2 }[];
}

export interface EllipseShape {
  type: 'ellipse';
  cx: number;
  cy: number;
  rx: number;
  ry: number;
  rotation?: number;
}

/** Front face clockwise from the top left, then the back face in the same order. */
export interface ImageCuboidShape {
  type: 'cuboid_2d';
  points: Point[];
}

export interface TagShape {
  type: 'tag';
}

/** A shape this build does not know: it is kept whole and shown by its bounds. */
export interface UnknownShape {
  type: 'unknown';
  [field: string]: unknown;
}

export type Shape =
  | BoxShape
  | PolygonShape
  | PathShape
  | MaskShape
  | SkeletonShape
  | EllipseShape
  | ImageCuboidShape
  | TagShape
  | UnknownShape;

export type AttributeValue = string | number | boolean | null | AttributeValue[];

/** An arrow to another object of the image. */
export interface Relation {
  to: string;
  kind?: string;
}

export interface Annotation {
  id: string;
  asset_id?: string;
  label_id: string | null;
  shape: Shape;
  attributes: Record<string, AttributeValue>;
  score?: number;
  source?: 'manual' | 'model' | 'import';
  model_version?: string;
  track_id?: string | null;
  frame?: number;
  group?: string | null;
  relations?: Relation[] | null;
  /** Fractional index: objects draw in its string order. */
  z?: string;
  revision?: number;
}

interface OperationBase {
  /** UUIDv7 made by the client: sending the same operation twice has one effect. */
  id: string;
  /** The gesture that it belongs to: its operations are undone as one. */
  step?: string;
  /** The step that it takes back or brings again. */
  undoes?: string;
}

export interface PutOperation extends OperationBase {
  op: 'put';
  annotation: Annotation;
}
export interface SetOperation extends OperationBase {
  op: 'set';
  target: string;
  field: string;
  value: unknown;
  prev?: unknown;
}
export interface DeleteOperation extends OperationBase {
  op: 'del';
  target: string;
}
export interface VertexInsertOperation extends OperationBase {
  op: 'vertex_insert';
  target: string;
  part: number;
  /** 0 or absent is the outline, n the n-th hole. */
  ring?: number;
  after: string | null;
  key: string;
  x: number;
  y: number;
}
export interface VertexSetOperation extends OperationBase {
  op: 'vertex_set';
  target: string;
  key: string;
  x: number;
  y: number;
}
export interface VertexDeleteOperation extends OperationBase {
  op: 'vertex_del';
  target: string;
  key: string;
}
export interface MaskPaintOperation extends OperationBase {
  op: 'mask_paint';
  target: string;
  mode: 'add' | 'erase';
  rle: Rle;
}
export interface ReorderOperation extends OperationBase {
  op: 'reorder';
  target: string;
  /** Null gives up its own place: to the bottom, by age. */
  z: string | null;
}
export interface KeyframeOperation extends OperationBase {
  op: 'keyframe_put' | 'keyframe_del';
  target: string;
  [field: string]: unknown;
}

/** Keep n, insert a text, delete n; in Unicode code points, from the beginning. */
export type TextStep = number | string | { d: number };
export interface TextEditOperation extends OperationBase {
  op: 'text_edit';
  target: string;
  /** `attributes.NAME`; an attribute that is absent counts as empty. */
  field: string;
  edit: TextStep[];
}

export type Operation =
  | PutOperation
  | SetOperation
  | DeleteOperation
  | VertexInsertOperation
  | VertexSetOperation
  | VertexDeleteOperation
  | MaskPaintOperation
  | ReorderOperation
  | KeyframeOperation
  | TextEditOperation;

type DistributiveOmit<T, K extends keyof T> = T extends unknown ? Omit<T, K> : never;

/** An operation before the session names it. */
export type OperationDraft = DistributiveOmit<Operation, 'id'>;

export interface Snapshot {
  revision: number;
  items: Annotation[];
}

export function polygonParts(shape: PolygonShape): PolygonPart[] {
  if (shape.parts) return shape.parts;
  if (!shape.points) return [];
  return [shape.keys ? { points: shape.points, keys: shape.keys } : { points: shape.points }];
}
