/** How a person likes to paint: kept from image to image. */
import { preferences } from '../../net/preferences';
import type { ToolId } from '../toolIds';

/** What the brush is: a tip that paints, or a polygon whose inside is painted. */
export type PaintForm = 'round' | 'square' | 'polygon';

export interface MaskSettings {
  /** Diameter of the tip in image pixels. */
  size: number;
  form: PaintForm;
  /** A pen's pressure makes the tip smaller or larger. */
  pressure: boolean;
  /** Of the wand: how far colours may be apart, 0 to 255. */
  tolerance: number;
  /** Of the wand: only what hangs together with the place clicked. */
  contiguous: boolean;
  /** Screen pixels from one superpixel to the next. */
  cell: number;
  /** Pixels by which an outline made of a mask may leave its pixel edges. */
  outline: number;
}

export const kMaskDefaults: MaskSettings = {
  size: 40,
  form: 'round',
  pressure: true,
  tolerance: 24,
  contiguous: true,
  cell: 32,
  outline: 0.75,
};

export function maskSetting<K extends keyof MaskSettings>(name: K): MaskSettings[K] {
  return preferences.get(`mask.${name}`, kMaskDefaults[name]);
}

export function setMaskSetting<K extends keyof MaskSettings>(
  name: K,
  value: MaskSettings[K],
): void {
  preferences.set(`mask.${name}`, value);
}

interface Measure {
  name: 'size' | 'tolerance' | 'cell';
  min: number;
  max: number;
}

/** What `[`, `]` and Alt with the wheel change of each tool. */
export const kMeasures: Partial<Record<ToolId, Measure>> = {
  brush: { name: 'size', min: 1, max: 1000 },
  eraser: { name: 'size', min: 1, max: 1000 },
  wand: { name: 'tolerance', min: 0, max: 255 },
  superpixels: { name: 'cell', min: 12, max: 128 },
};

/** A step up or down: one where values are small, an eighth where they are large. */
export function stepMeasure({ name, min, max }: Measure, direction: 1 | -1): void {
  const value = maskSetting(name);
  const step = Math.max(1, Math.round(value / 8));
  setMaskSetting(name, Math.min(max, Math.max(min, value + direction * step)));
}
