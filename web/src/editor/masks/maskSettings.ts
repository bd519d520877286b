/** How a person likes to paint: kept from image to image. */
import { preferences } from '../../net/preferences';

export const kSizeMin = 1;
export const kSizeMax = 1000;

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
}

export const kMaskDefaults: MaskSettings = {
  size: 40,
  form: 'round',
  pressure: true,
  tolerance: 24,
  contiguous: true,
  cell: 32,
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

/** The next size up or down: a pixel where tips are small, an eighth where they are large. */
export function stepSize(size: number, direction: 1 | -1): number {
  const step = Math.max(1, Math.round(size / 8));
  return Math.min(kSizeMax, Math.max(kSizeMin, size + direction * step));
}
