/**
 * Which objects are asked for. What does not match is shown neither in the list nor on the canvas.
 * Answers are remembered per entry: entries are replaced whole when their object changes.
 */
import type { Annotation, AttributeValue } from '../../kernel/records';
import type { Label } from '../labels';
import { Signal } from '../signal';
import type { Entry } from '../store';

export const sources = ['manual', 'model', 'import'] as const;
export type Source = (typeof sources)[number];

export interface Criteria {
  /** In the label, the attributes, the group or, as `#12`, the number. */
  text: string;
  labels: readonly string[];
  /** Of 0 to 1; what a person drew counts as certain. */
  minScore: number;
  maxScore: number;
  sources: readonly Source[];
  shapes: readonly string[];
  /** Value null: the attribute is set, whatever it says. */
  attributes: readonly { name: string; value: string | null }[];
  /** Only objects that something is wrong with. */
  warned: boolean;
}

export const kEverything: Criteria = {
  text: '',
  labels: [],
  minScore: 0,
  maxScore: 1,
  sources: [],
  shapes: [],
  attributes: [],
  warned: false,
};

export function asksForAll(criteria: Criteria): boolean {
  return (
    criteria.text.trim() === '' &&
    criteria.labels.length === 0 &&
    criteria.minScore <= 0 &&
    criteria.maxScore >= 1 &&
    criteria.sources.length === 0 &&
    criteria.shapes.length === 0 &&
    criteria.attributes.length === 0 &&
    !criteria.warned
  );
}

/** What is stored of a filter is taken as far as it can be understood. */
export function readCriteria(stored: unknown): Criteria {
  if (stored === null || typeof stored !== 'object') return kEverything;
  const found = stored as Record<string, unknown>;
  const texts = (value: unknown) =>
    Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
  const share = (value: unknown, fallback: number) =>
    typeof value === 'number' && value >= 0 && value <= 1 ? value : fallback;
  return {
    text: typeof found.text === 'string' ? found.text : '',
    labels: texts(found.labels),
    minScore: share(found.minScore, 0),
    maxScore: share(found.maxScore, 1),
    sources: texts(found.sources).filter((one): one is Source => sources.includes(one as Source)),
    shapes: texts(found.shapes),
    attributes: Array.isArray(found.attributes) ? found.attributes.flatMap(readAttribute) : [],
    warned: found.warned === true,
  };
}

function readAttribute(stored: unknown): Criteria['attributes'] {
  if (stored === null || typeof stored !== 'object') return [];
  const { name, value } = stored as Record<string, unknown>;
  if (typeof name !== 'string') return [];
  return [{ name, value: typeof value === 'string' ? value : null }];
}

export interface FilterFacts {
  labelOf(annotation: Annotation): Label;
  numberOf(id: string): number;
  warned(id: string): boolean;
}

export class ObjectFilter {
  readonly criteria = new Signal<Criteria>(kEverything);
  private known = new WeakMap<Entry, boolean>();
  private words: readonly string[] = [];
  private all = true;

  constructor(private readonly facts: FilterFacts) {}

  get active(): boolean {
    return !this.all;
  }

  set(criteria: Criteria): void {
    this.forget();
    this.all = asksForAll(criteria);
    this.words = criteria.text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    this.criteria.set(criteria);
  }

  patch(part: Partial<Criteria>): void {
    this.set({ ...this.criteria.get(), ...part });
  }

  clear(): void {
    this.set(kEverything);
  }

  /** What was decided by the labels is decided anew. */
  forget(): void {
    this.known = new WeakMap();
  }

  admits(entry: Entry): boolean {
    if (this.all) return true;
    const criteria = this.criteria.get();
    if (criteria.warned && !this.facts.warned(entry.annotation.id)) return false;
    const known = this.known.get(entry);
    if (known !== undefined) return known;
    const admitted = this.matches(entry.annotation, criteria);
    // A number moves when an older object goes; what asks for one is not remembered.
    if (!this.words.some(isNumber)) this.known.set(entry, admitted);
    return admitted;
  }

  private matches(annotation: Annotation, criteria: Criteria): boolean {
    const { labels, sources: origins, shapes, attributes, minScore, maxScore } = criteria;
    const score = annotation.score ?? 1;
    return (
      (labels.length === 0 || labels.includes(annotation.label_id ?? '')) &&
      score >= minScore &&
      score <= maxScore &&
      (origins.length === 0 || origins.includes(annotation.source ?? 'manual')) &&
      (shapes.length === 0 || shapes.includes(annotation.shape.type)) &&
      attributes.every((wanted) => hasAttribute(annotation, wanted)) &&
      this.words.every((word) => this.says(annotation, word))
    );
  }

  private says(annotation: Annotation, word: string): boolean {
    if (isNumber(word)) return this.facts.numberOf(annotation.id) === Number(word.slice(1));
    if (this.facts.labelOf(annotation).name.toLowerCase().includes(word)) return true;
    if (annotation.group?.toLowerCase().includes(word)) return true;
    return Object.entries(annotation.attributes).some(([name, value]) =>
      attributeText(name, value).includes(word),
    );
  }
}

function isNumber(word: string): boolean {
  return /^#\d+$/.test(word);
}

function attributeText(name: string, value: AttributeValue): string {
  return `${name}:${valueText(value)}`.toLowerCase();
}

export function valueText(value: AttributeValue): string {
  return Array.isArray(value) ? value.map(valueText).join(', ') : String(value ?? '');
}

function hasAttribute(
  annotation: Annotation,
  { name, value }: Criteria['attributes'][number],
): boolean {
  const found = annotation.attributes[name];
  if (found === undefined || found === null || found === '') return false;
  if (value === null) return true;
  return Array.isArray(found)
    ? found.some((one) => valueText(one) === value)
    : valueText(found) === value;
}
