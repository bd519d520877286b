/** The curve that brightness, contrast, gamma, equalising and inverting make together. */
import type { Tone } from './look';

const kLevels = 256;

/** For each of 256 levels the level to show, 0 to 1. */
export function toneCurve(tone: Tone, histogram: readonly number[] | null): number[] {
  const even = tone.equalise && histogram ? equalised(histogram) : null;
  return Array.from({ length: kLevels }, (_, level) => {
    let value = even ? even[level]! : level / (kLevels - 1);
    value = value ** (1 / tone.gamma);
    value = (value * tone.brightness - 0.5) * tone.contrast + 0.5;
    value = Math.min(1, Math.max(0, value));
    return tone.invert ? 1 - value : value;
  });
}

/** Spreads the levels that a picture has over all there are. */
function equalised(histogram: readonly number[]): number[] {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  const first = histogram.find((count) => count > 0) ?? 0;
  let sum = 0;
  return histogram.map((count, level) => {
    sum += count;
    return total > first ? Math.max(0, sum - first) / (total - first) : level / (kLevels - 1);
  });
}

/** How many pixels have each luminance. */
export function histogramOf({ data }: Pick<ImageData, 'data'>): number[] {
  const counts = new Array<number>(kLevels).fill(0);
  for (let i = 0; i < data.length; i += 4) {
    const level = 0.2126 * data[i]! + 0.7152 * data[i + 1]! + 0.0722 * data[i + 2]!;
    counts[Math.round(level)]! += 1;
  }
  return counts;
}
