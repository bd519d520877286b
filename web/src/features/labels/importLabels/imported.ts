/** Labels as another tool has them: what could be read, and what could not. */
import type { MessageKey, MessageValues } from '@/i18n/i18n';
import type { LabelAttribute, LabelKind, SkeletonTemplate } from '@/net/api';

export interface ImportedLabel {
  name: string;
  color?: string;
  kind: LabelKind;
  attributes: LabelAttribute[];
  skeleton?: SkeletonTemplate;
}

export type ImportFormat = 'cvat' | 'label_studio' | 'coco' | 'yolo' | 'names';

export interface ImportProblem {
  /** The label or the line. */
  where: string;
  what: MessageKey;
  values?: MessageValues;
}

export interface Imported {
  format: ImportFormat;
  labels: ImportedLabel[];
  problems: ImportProblem[];
}

/** As the server has them. */
export const kLimits = { labels: 10_000, attributes: 64, options: 500, points: 1000, name: 200 };
export const kAttributeNameMax = 100;

export class Reading {
  readonly labels: ImportedLabel[] = [];
  readonly problems: ImportProblem[] = [];

  constructor(private readonly format: ImportFormat) {}

  problem(where: string, what: MessageKey, values?: MessageValues): void {
    this.problems.push({ where, what, ...(values && { values }) });
  }

  add(label: ImportedLabel): void {
    const name = label.name.trim();
    const where = name || `${this.labels.length + 1}`;
    if (name === '') return this.problem(where, 'labels.import.problems.noName');
    if (name.length > kLimits.name) return this.problem(name, 'labels.import.problems.longName');
    if (this.labels.length >= kLimits.labels) {
      return this.problem(where, 'labels.import.problems.tooMany');
    }
    this.labels.push({ ...label, name, attributes: this.fitting(where, label.attributes) });
  }

  done(): Imported {
    return { format: this.format, labels: this.labels, problems: this.problems };
  }

  private fitting(where: string, attributes: readonly LabelAttribute[]): LabelAttribute[] {
    const kept = attributes.filter(({ name, options = [] }) => {
      const sound =
        name.length > 0 && name.length <= kAttributeNameMax && options.length <= kLimits.options;
      if (!sound) this.problem(where, 'labels.import.problems.attribute', { name });
      return sound;
    });
    if (kept.length > kLimits.attributes) {
      this.problem(where, 'labels.import.problems.manyAttributes');
    }
    return kept.slice(0, kLimits.attributes);
  }
}

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? `${value}` : '';
}

/** `#rrggbb` of `#rgb`, `#rrggbb` or `#rrggbbaa`. */
export function colorOf(value: unknown): string | undefined {
  const digits = /^#([0-9a-f]{3,8})$/i.exec(textOf(value))?.[1];
  if (!digits) return undefined;
  if (digits.length === 3) return `#${[...digits].map((one) => one + one).join('')}`.toUpperCase();
  return digits.length === 6 || digits.length === 8
    ? `#${digits.slice(0, 6)}`.toUpperCase()
    : undefined;
}
