/** Projects for common tasks: a type and labels to begin with, all of which can be changed. */
import type { MessageKey } from '@/i18n/i18n';
import type { LabelAttribute, LabelKind, ProjectType } from '@/net/api';
import type { ImportedLabel } from '../labels/importLabels/imported';
import { skeletonTemplate } from '../labels/skeletonTemplates';

export const templateIds = [
  'empty',
  'vehicles',
  'people',
  'instances',
  'text',
  'classification',
  'faces',
  'lesions',
  'shelf',
  'buildings',
] as const;
export type TemplateId = (typeof templateIds)[number];

export interface ProjectTemplate {
  id: TemplateId;
  title: MessageKey;
  help: MessageKey;
  /** Null leaves the type that was chosen. */
  type: ProjectType | null;
  labels(): ImportedLabel[];
}

type More = Partial<Omit<ImportedLabel, 'name' | 'kind'>>;

function label(name: string, kind: LabelKind, more: More = {}): ImportedLabel {
  return { name, kind, attributes: [], ...more };
}

function choice(name: string, options: string[], more: Partial<LabelAttribute> = {}) {
  return { name, kind: 'select' as const, options, ...more };
}

function flag(name: string, more: Partial<LabelAttribute> = {}): LabelAttribute {
  return { name, kind: 'checkbox', default_value: false, ...more };
}

const kOccluded = flag('occluded', { per_frame: true });
const kTruncated = flag('truncated', { per_frame: true });

const kLabels: Record<TemplateId, () => ImportedLabel[]> = {
  empty: () => [],
  vehicles: () =>
    ['car', 'truck', 'bus', 'motorcycle', 'bicycle', 'person'].map((name) =>
      label(name, 'box', { attributes: [kOccluded, kTruncated] }),
    ),
  people: () => [
    label('person', 'skeleton', {
      skeleton: skeletonTemplate('person'),
      attributes: [choice('pose', ['standing', 'sitting', 'lying', 'moving'], { per_frame: true })],
    }),
    label('hand', 'skeleton', { skeleton: skeletonTemplate('hand') }),
  ],
  instances: () =>
    ['person', 'car', 'dog', 'cat', 'chair'].map((name) =>
      label(name, 'mask', { attributes: [kOccluded] }),
    ),
  text: () => [
    label('line', 'polygon', {
      attributes: [
        { name: 'text', kind: 'text', required: true },
        choice('script', ['printed', 'handwritten'], { default_value: 'printed' }),
        flag('illegible'),
      ],
    }),
    label('baseline', 'polyline', { attributes: [{ name: 'text', kind: 'text' }] }),
    label('block', 'box', {
      attributes: [choice('role', ['heading', 'paragraph', 'table', 'caption', 'number'])],
    }),
  ],
  classification: () => ['good', 'defective', 'unclear'].map((name) => label(name, 'tag')),
  faces: () => [
    label('face', 'skeleton', {
      skeleton: skeletonTemplate('face'),
      attributes: [
        choice('view', ['frontal', 'left', 'right', 'back'], { per_frame: true }),
        kOccluded,
      ],
    }),
  ],
  lesions: () => [
    label('lesion', 'mask', {
      attributes: [
        choice('finding', ['benign', 'suspicious', 'malignant', 'unclear'], { required: true }),
        { name: 'confidence', kind: 'radio', options: ['low', 'medium', 'high'] },
        { name: 'note', kind: 'text' },
      ],
    }),
    label('organ', 'mask'),
    label('artifact', 'box'),
  ],
  shelf: () => [
    label('product', 'box', {
      attributes: [
        { name: 'code', kind: 'text' },
        { name: 'facings', kind: 'number', min: 1, max: 100, default_value: 1 },
        flag('damaged'),
      ],
    }),
    label('price tag', 'box', { attributes: [{ name: 'price', kind: 'number', min: 0 }] }),
    label('gap', 'box'),
    label('shelf', 'polyline'),
  ],
  buildings: () => [
    label('building', 'polygon', {
      attributes: [
        choice('roof', ['flat', 'gabled', 'hipped', 'other']),
        { name: 'storeys', kind: 'number', min: 1, max: 200 },
        flag('under construction'),
      ],
    }),
    label('road', 'polyline'),
    label('water', 'polygon'),
    label('vegetation', 'polygon'),
  ],
};

const kTypes: Record<TemplateId, ProjectType | null> = {
  empty: null,
  vehicles: 'detection',
  people: 'keypoints',
  instances: 'segmentation',
  text: 'segmentation',
  classification: 'classification',
  faces: 'keypoints',
  lesions: 'segmentation',
  shelf: 'detection',
  buildings: 'segmentation',
};

export const projectTemplates: readonly ProjectTemplate[] = templateIds.map((id) => ({
  id,
  title: `newProject.templates.${id}.title`,
  help: `newProject.templates.${id}.help`,
  type: kTypes[id],
  labels: kLabels[id],
}));
