/**
 * How a person wants to see things: what stays is kept as a preference, what mends one picture
 * (`Tone`) goes with it unless it is to be kept. Values only.
 */
export const colorings = ['label', 'object', 'group', 'score', 'source'] as const;
export type Coloring = (typeof colorings)[number];

export const chipTexts = ['none', 'label', 'details'] as const;
export type ChipText = (typeof chipTexts)[number];

export interface Tone {
  /** 1 is as it is. */
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  readonly gamma: number;
  readonly equalise: boolean;
  readonly invert: boolean;
}

export interface Look {
  readonly colorBy: Coloring;
  /** Opacity of fills, 0 to 1. */
  readonly fill: number;
  readonly outlineOnly: boolean;
  readonly chips: ChipText;
  /** Pixels melt into each other above 4x. */
  readonly smooth: boolean;
  readonly grid: boolean;
  readonly crosshair: boolean;
  readonly loupe: boolean;
  readonly minimap: boolean;
  readonly rulers: boolean;
  readonly keepTone: boolean;
  readonly tone: Tone;
}

export const kPlainTone: Tone = {
  brightness: 1,
  contrast: 1,
  saturation: 1,
  gamma: 1,
  equalise: false,
  invert: false,
};

export const kPlainLook: Look = {
  colorBy: 'label',
  fill: 0.2,
  outlineOnly: false,
  chips: 'label',
  smooth: false,
  grid: true,
  crosshair: true,
  loupe: false,
  minimap: false,
  rulers: false,
  keepTone: false,
  tone: kPlainTone,
};

export function isPlainTone(tone: Tone): boolean {
  return (Object.keys(kPlainTone) as (keyof Tone)[]).every((key) => tone[key] === kPlainTone[key]);
}

/** What was kept, as far as it still makes sense; a new image starts with its own tone. */
export function lookFrom(kept: unknown): Look {
  const look: Record<string, unknown> = { ...kPlainLook };
  if (kept === null || typeof kept !== 'object') return kPlainLook;
  for (const [key, value] of Object.entries(kept)) {
    if (key in look && typeof value === typeof look[key]) look[key] = value;
  }
  const known = look as unknown as Look;
  const fits =
    colorings.includes(known.colorBy) && chipTexts.includes(known.chips) && known.tone !== null;
  if (!fits) return kPlainLook;
  return { ...known, tone: known.keepTone ? { ...kPlainTone, ...known.tone } : kPlainTone };
}

/** What a rested fill and stroke look like. */
export function restingFill(look: Look): number {
  return look.outlineOnly ? 0 : look.fill;
}
