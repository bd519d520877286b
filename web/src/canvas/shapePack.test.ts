import { describe, expect, it } from 'vitest';
import { packShapes, unpackShapes, type RasterShape } from './shapePack';

const path = (values: number[], closed: boolean) => ({ points: new Float32Array(values), closed });

describe('packed shapes', () => {
  it('come out as they went in', () => {
    const shapes: RasterShape[] = [
      {
        id: 'a',
        z: 'a1',
        color: '#ff0000',
        outline: {
          bounds: [0, 0, 10, 10],
          paths: [path([0, 0, 10, 0, 10, 10], true), path([2, 2, 3, 2, 3, 3, 2, 3], true)],
          marks: new Float32Array(0),
          filled: true,
        },
      },
      {
        id: 'b',
        z: '',
        color: '#00ff00',
        outline: {
          bounds: [1, 2, 3, 4],
          paths: [path([1, 2, 3, 4], false)],
          marks: new Float32Array([1, 2, 3, 4]),
          filled: false,
        },
      },
      {
        id: 'c',
        z: 'b',
        color: '#ff0000',
        outline: { bounds: [0, 0, 0, 0], paths: [], marks: new Float32Array(0), filled: false },
      },
    ];
    const pack = packShapes(shapes);
    expect(pack.palette).toEqual(['#ff0000', '#00ff00']);
    expect(unpackShapes(pack)).toEqual(shapes);
  });
});
