import { t } from '@/i18n/i18n';

export const shapeTypes = [
  'box',
  'polygon',
  'polyline',
  'points',
  'mask',
  'skeleton',
  'ellipse',
  'cuboid_2d',
  'tag',
] as const;

export function shapeName(type: string): string {
  const known = shapeTypes.find((one) => one === type);
  return known ? t(`objects.shapes.${known}`) : type;
}
