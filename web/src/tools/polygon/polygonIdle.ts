import type { Rect } from '../../editor/camera';
import type { Shape } from '../../kernel/records';
import { SnappingIdle } from '../drawing/snappingIdle';

export class PolygonIdle extends SnappingIdle {
  protected override placed({ x, y, width, height }: Rect): Shape {
    const points: [number, number][] = [
      [x, y],
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
    ];
    return { type: 'polygon', parts: [{ points }] };
  }
}
