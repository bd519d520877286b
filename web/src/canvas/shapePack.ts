/**
 * Shapes on their way to the raster workers: one buffer of coordinates instead of an object for
 * each path, so that a hundred thousand of them cross in milliseconds.
 */
import type { Bounds, Outline, OutlinePath } from '../editor/outline';

export interface RasterShape {
  id: string;
  z: string;
  color: string;
  outline: Outline;
}

export interface ShapePack {
  ids: string[];
  zs: string[];
  palette: string[];
  /** Per shape: index into the palette, 1 for filled, number of paths, number of marks. */
  heads: Uint32Array;
  /** Per path: twice its points, plus 1 when it is closed. */
  paths: Uint32Array;
  /** Per shape: bounds, the points of its paths, its marks. */
  numbers: Float32Array;
}

const kHead = 4;

export function packShapes(shapes: readonly RasterShape[]): ShapePack {
  let paths = 0;
  let numbers = 0;
  for (const { outline } of shapes) {
    paths += outline.paths.length;
    numbers += 4 + outline.marks.length;
    for (const { points } of outline.paths) numbers += points.length;
  }
  const pack: ShapePack = {
    ids: shapes.map(({ id }) => id),
    zs: shapes.map(({ z }) => z),
    palette: [],
    heads: new Uint32Array(kHead * shapes.length),
    paths: new Uint32Array(paths),
    numbers: new Float32Array(numbers),
  };
  fill(pack, shapes);
  return pack;
}

function fill(pack: ShapePack, shapes: readonly RasterShape[]): void {
  const colors = new Map<string, number>();
  let path = 0;
  let at = 0;
  const write = (values: ArrayLike<number>) => {
    pack.numbers.set(values, at);
    at += values.length;
  };
  shapes.forEach(({ color, outline }, index) => {
    const known = colors.get(color) ?? pack.palette.push(color) - 1;
    colors.set(color, known);
    const head = [known, outline.filled ? 1 : 0, outline.paths.length, outline.marks.length / 2];
    pack.heads.set(head, kHead * index);
    write(outline.bounds);
    for (const { points, closed } of outline.paths) {
      pack.paths[path++] = points.length + (closed ? 1 : 0);
      write(points);
    }
    write(outline.marks);
  });
}

/** The shapes again; their coordinates are views of the pack's. */
export function unpackShapes(pack: ShapePack): RasterShape[] {
  let path = 0;
  let at = 0;
  const read = (count: number) => pack.numbers.subarray(at, (at += count));
  return pack.ids.map((id, index) => {
    const [color, filled, pathCount, markCount] = pack.heads.subarray(kHead * index);
    const [x0, y0, x1, y1] = read(4);
    const bounds: Bounds = [x0!, y0!, x1!, y1!];
    const paths: OutlinePath[] = [];
    for (let i = 0; i < pathCount!; i++) {
      const length = pack.paths[path++]!;
      paths.push({ points: read(length & ~1), closed: (length & 1) === 1 });
    }
    const marks = read(2 * markCount!);
    const outline = { bounds, paths, marks, filled: filled === 1 };
    return { id, z: pack.zs[index]!, color: pack.palette[color!]!, outline };
  });
}
