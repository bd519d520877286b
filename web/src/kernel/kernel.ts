/**
 * The typed face of the C++ kernel compiled to WebAssembly. Calls are whole operations as JSON and
 * masks as byte arrays, never a call per vertex. Nothing here holds state beyond the loaded module;
 * a document owns memory inside the module and must be released with `dispose`.
 */
import type {
  Annotation,
  Operation,
  OperationDraft,
  PolygonPart,
  Rle,
  Shape,
  Snapshot,
} from './records';

export type ApplyResult =
  { ok: true; touched: string[] } | { ok: false; code: string; detail: string };

export interface KernelDocument {
  load(snapshot: Snapshot): void;
  apply(operation: Operation): ApplyResult;
  /** What would undo `operation`, computed against the state before it is applied. */
  invert(operation: Operation): Operation[];
  get(id: string): Annotation | null;
  ids(): string[];
  items(): Annotation[];
  /** Takes one annotation, or its absence, as it is in `from`; memory is shared. */
  adopt(id: string, from: KernelDocument): void;
  clone(): KernelDocument;
  dispose(): void;
}

/** Where the operations that are transformed stand in the server's order. */
export type Side = 'earlier' | 'later';

export interface Transformed<T> {
  /** Null when nothing is left of it. */
  change: T | null;
  /** Of docs/live-protocol.md, when another's operation mattered; otherwise empty. */
  rule: string;
}

/** A rectangle of a mask: row-major bytes, 0 or not. */
export interface MaskPart {
  x: number;
  y: number;
  width: number;
  height: number;
  bytes: Uint8Array;
}

export type MergeMode = 'unite' | 'intersect' | 'subtract';

export interface Kernel {
  createDocument(): KernelDocument;
  /** Row-major bytes, 0 or 1, `height * width` of them. */
  decodeRle(rle: Rle): Uint8Array;
  encodeRle(bytes: Uint8Array, height: number, width: number): Rle;
  /** Of a picture of `height` and `width` that has foreground in this part alone. */
  encodePart(part: MaskPart, height: number, width: number): Rle;
  /** Both of one size. */
  mergeRles(a: Rle, b: Rle, mode: MergeMode): Rle;
  /** Outlines with holes; `tolerance` in pixels. */
  maskToPolygons(rle: Rle, tolerance: number): PolygonPart[];
  /** The rings of the same outlines, holes among them, each x0, y0, x1, y1, ...: for drawing. */
  maskOutline(rle: Rle, tolerance: number): Float32Array[];
  polygonToRle(parts: PolygonPart[], height: number, width: number): Rle;
  /** The same parts with fewer vertices, all of them within `tolerance` pixels of the outline. */
  simplifyPolygon(parts: PolygonPart[], tolerance: number): PolygonPart[];
  rleArea(rle: Rle): number;
  /** `[x0, y0, x1, y1]`, or null for a shape that has no place on the image. */
  shapeBounds(shape: Shape): [number, number, number, number] | null;
  /** A fractional key strictly between two others; null stands for the open end. */
  keyBetween(low: string | null, high: string | null): string;
  /**
   * Each of `changes` on a state that has all of `over`, and those after `changes`. Both lists were
   * made on one state; id, step and what stored operations carry besides pass through.
   */
  transformAll<A extends OperationDraft, B extends OperationDraft>(
    changes: readonly A[],
    over: readonly B[],
    side: Side,
  ): { changes: Transformed<A>[]; over: (B | null)[] };
}

interface RawDocument {
  load(json: string): void;
  apply(op: string): string;
  invert(op: string): string;
  get(id: string): string;
  ids(): string;
  items(): string;
  adopt(id: string, from: RawDocument): void;
  clone(): RawDocument;
  delete(): void;
}

/** What embind exports; kept apart so that only this file knows the spelling. */
export interface RawKernel {
  Document: new () => RawDocument;
  rle_decode(counts: string, height: number, width: number): Uint8Array;
  rle_encode(bytes: Uint8Array, height: number, width: number): string;
  rle_encode_part(
    bytes: Uint8Array,
    partHeight: number,
    partWidth: number,
    x: number,
    y: number,
    height: number,
    width: number,
  ): string;
  rle_merge(a: string, b: string, height: number, width: number, mode: string): string;
  mask_to_polygons(counts: string, height: number, width: number, tolerance: number): string;
  mask_outline(
    counts: string,
    height: number,
    width: number,
    tolerance: number,
  ): { points: Float32Array; ends: Uint32Array };
  polygon_to_rle(parts: string, height: number, width: number): string;
  simplify_polygon(parts: string, tolerance: number): string;
  rle_area(counts: string, height: number, width: number): number;
  shape_bounds(shape: string): string;
  key_between(low: string, high: string): string;
  transform_all(changes: string, over: string, side: string): string;
}

class WasmDocument implements KernelDocument {
  constructor(private readonly raw: RawDocument) {}

  load(snapshot: Snapshot): void {
    this.raw.load(JSON.stringify(snapshot));
  }
  apply(operation: Operation): ApplyResult {
    return JSON.parse(this.raw.apply(JSON.stringify(operation))) as ApplyResult;
  }
  invert(operation: Operation): Operation[] {
    return JSON.parse(this.raw.invert(JSON.stringify(operation))) as Operation[];
  }
  get(id: string): Annotation | null {
    const json = this.raw.get(id);
    return json === '' ? null : (JSON.parse(json) as Annotation);
  }
  ids(): string[] {
    return JSON.parse(this.raw.ids()) as string[];
  }
  items(): Annotation[] {
    return JSON.parse(this.raw.items()) as Annotation[];
  }
  adopt(id: string, from: KernelDocument): void {
    if (!(from instanceof WasmDocument)) throw new TypeError('Not a document of this kernel.');
    this.raw.adopt(id, from.raw);
  }
  clone(): KernelDocument {
    return new WasmDocument(this.raw.clone());
  }
  dispose(): void {
    this.raw.delete();
  }
}

/** Wraps an instantiated module; tests pass the one they loaded themselves. */
export function wrapKernel(raw: RawKernel): Kernel {
  return {
    createDocument: () => new WasmDocument(new raw.Document()),
    decodeRle: (rle) => raw.rle_decode(rle.counts, rle.size[0], rle.size[1]),
    encodeRle: (bytes, height, width) => ({
      size: [height, width],
      counts: raw.rle_encode(bytes, height, width),
    }),
    encodePart: ({ bytes, x, y, ...part }, height, width) => ({
      size: [height, width],
      counts: raw.rle_encode_part(bytes, part.height, part.width, x, y, height, width),
    }),
    mergeRles: (a, b, mode) => ({
      size: a.size,
      counts: raw.rle_merge(a.counts, b.counts, a.size[0], a.size[1], mode),
    }),
    maskToPolygons: (rle, tolerance) =>
      JSON.parse(
        raw.mask_to_polygons(rle.counts, rle.size[0], rle.size[1], tolerance),
      ) as PolygonPart[],
    maskOutline: (rle, tolerance) => {
      const { points, ends } = raw.mask_outline(rle.counts, rle.size[0], rle.size[1], tolerance);
      return [...ends].map((end, i) => points.subarray(i === 0 ? 0 : ends[i - 1], end));
    },
    polygonToRle: (parts, height, width) => ({
      size: [height, width],
      counts: raw.polygon_to_rle(JSON.stringify(parts), height, width),
    }),
    simplifyPolygon: (parts, tolerance) =>
      JSON.parse(raw.simplify_polygon(JSON.stringify(parts), tolerance)) as PolygonPart[],
    rleArea: (rle) => raw.rle_area(rle.counts, rle.size[0], rle.size[1]),
    shapeBounds: (shape) => {
      const json = raw.shape_bounds(JSON.stringify(shape));
      return JSON.parse(json) as [number, number, number, number] | null;
    },
    keyBetween: (low, high) => raw.key_between(low ?? '', high ?? ''),
    transformAll: (changes, over, side) =>
      JSON.parse(raw.transform_all(JSON.stringify(changes), JSON.stringify(over), side)) as {
        changes: Transformed<(typeof changes)[number]>[];
        over: ((typeof over)[number] | null)[];
      },
  };
}

interface KernelModule {
  default(options?: { locateFile?: (path: string) => string }): Promise<RawKernel>;
}

// Globs, not imports: the files are built from the C++ sources, and the rest of the app must
// type-check and build where that has not happened yet.
const kModules = import.meta.glob<KernelModule>('./generated/kernel.js');
const kBinaries = import.meta.glob<string>('./generated/kernel.wasm', {
  query: '?url',
  import: 'default',
});

let loading: Promise<Kernel> | null = null;

/**
 * Loads the module once for the page. A failed load is forgotten so that a retry can succeed.
 * @throws Error when the WebAssembly files are missing or refused.
 */
export function loadKernel(): Promise<Kernel> {
  loading ??= instantiate().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function instantiate(): Promise<Kernel> {
  const [loadModule] = Object.values(kModules);
  const [loadBinary] = Object.values(kBinaries);
  if (!loadModule || !loadBinary) {
    throw new Error('The editor kernel is missing from this build; run script/build_wasm.');
  }
  const [module, wasmUrl] = await Promise.all([loadModule(), loadBinary()]);
  return wrapKernel(await module.default({ locateFile: () => wasmUrl }));
}
