import { t } from '../i18n/i18n';
import type { Shape } from '../kernel/records';

/** A project's labels as the editor needs them: order gives the number key, colour the stroke. */
export interface AttributeDefinition {
  name: string;
  kind: 'select' | 'radio' | 'checkbox' | 'number' | 'text';
  /** The choices of a select or radio, or of a checkbox that takes several. */
  options?: string[];
  default_value?: string | number | boolean | string[];
  min?: number;
  max?: number;
  required?: boolean;
  /** Of a track: may differ from frame to frame. */
  per_frame?: boolean;
}

/** Points by name, the pairs drawn as bones, and where each point stands in the unit square. */
export interface SkeletonTemplate {
  points: string[];
  edges: [number, number][];
  positions?: [number, number][];
}

export interface Label {
  id: string;
  name: string;
  color: string;
  kind?: string;
  attributes?: AttributeDefinition[];
  skeleton?: SkeletonTemplate;
}

export const kUnknownLabel: Label = {
  id: '',
  get name() {
    return t('objects.unlabelled');
  },
  color: '#94A3B8',
};

/** Whether the server takes this shape under this label; polygon and mask write the same region. */
export function takesShape(label: Label, type: Shape['type']): boolean {
  const kind = label.kind ?? 'any';
  if (kind === 'any' || kind === type) return true;
  if (kind === 'cuboid' && type === 'cuboid_2d') return true;
  const region = (name: string) => name === 'polygon' || name === 'mask';
  return region(kind) && region(type);
}

/** Relative luminance, WCAG 2.2. */
export function luminance(hex: string): number {
  const [r, g, b] = channels(hex).map((value) => {
    const unit = value / 255;
    return unit <= 0.04045 ? unit / 12.92 : ((unit + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Black or white, whichever reads better on `hex`: at least 4.58:1 on every colour. */
export function inkOn(hex: string): '#000000' | '#FFFFFF' {
  return contrast('#000000', hex) >= contrast('#FFFFFF', hex) ? '#000000' : '#FFFFFF';
}

/** Red, green, blue of `#rgb` or `#rrggbb`; grey for anything else. */
export function channels(hex: string): [number, number, number] {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(hex);
  const long = short
    ? short.slice(1).map((digit) => digit + digit)
    : /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(hex)?.slice(1);
  if (!long) return [148, 163, 184];
  return long.map((pair) => Number.parseInt(pair, 16)) as [number, number, number];
}

export function withAlpha(hex: string, alpha: number): string {
  return `rgb(${channels(hex).join(' ')} / ${alpha})`;
}
