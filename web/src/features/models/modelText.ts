import { cardText, t, tMaybe } from '@/i18n/i18n';
import type { Model } from '@/net/api';
import type { Tone } from '@/ui/Badge';

export function taskName(task: string): string {
  return tMaybe(`models.tasks.${task}`) ?? sentence(task);
}

export function isDetector(model: Model): boolean {
  return model.task === 'detection';
}

export function isSegmenter(model: Model): boolean {
  return model.task === 'promptable_segmentation';
}

const needsMore: readonly string[] = [
  'promptable_segmentation',
  'text_orientation',
  'text_recognition',
  'face_attributes',
  'embedding',
  'image_text',
  'depth',
];

/** Whether it answers a whole image with shapes that can be proposed to people. */
export function isProposer(model: Model): boolean {
  return !needsMore.includes(model.task);
}

/** Whether it can be tried on a picture alone, without a click. */
export function canBeTried(model: Model): boolean {
  return !isSegmenter(model) && model.task !== 'image_text';
}

export const taskGroups = ['objects', 'masks', 'people', 'text', 'image'] as const;
export type TaskGroup = (typeof taskGroups)[number];

export function taskGroup(task: string): TaskGroup {
  if (/segmentation|salient/.test(task)) return 'masks';
  if (/^(face|hand|pose|keypoints)/.test(task)) return 'people';
  if (/text(?!$)|lines/.test(task) && task !== 'image_text') return 'text';
  if (/classification|embedding|depth|image_text/.test(task)) return 'image';
  return 'objects';
}

export interface ModelFilter {
  query: string;
  group: TaskGroup | 'all';
  state: 'all' | 'ready' | 'missing';
  licence: 'all' | 'permissive' | 'copyleft';
}

export const noFilter: ModelFilter = { query: '', group: 'all', state: 'all', licence: 'all' };

export function matchesFilter(model: Model, filter: ModelFilter): boolean {
  if (filter.group !== 'all' && taskGroup(model.task) !== filter.group) return false;
  if (filter.state === 'ready' && !isUsable(model)) return false;
  if (filter.state === 'missing' && isUsable(model)) return false;
  const copyleft = isCopyleft(model.licence ?? '');
  if (filter.licence === 'permissive' && copyleft) return false;
  if (filter.licence === 'copyleft' && !copyleft) return false;
  const words = filter.query.toLowerCase().split(/\s+/).filter(Boolean);
  const said = cardText(model.good_for ?? '');
  const text = [model.id, model.name, taskName(model.task), model.family, said]
    .concat(model.labels ?? [])
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

const readyStates: readonly string[] = [
  'ready',
  'loaded',
  'unloaded',
  'available',
  'installed',
  'idle',
];

/** Whether the model can run now; a model that is not in memory is loaded on its first use. */
export function isUsable(model: Model): boolean {
  return model.state === undefined || readyStates.includes(model.state);
}

export function stateBadge(model: Model): { text: string; tone?: Tone } {
  switch (model.state) {
    case undefined:
    case 'ready':
    case 'available':
    case 'installed':
    case 'idle':
    case 'unloaded':
      return { text: t('models.states.ready'), tone: 'ok' };
    case 'loaded':
      return { text: t('models.states.loaded'), tone: 'ok' };
    case 'loading':
      return { text: t('models.states.loading'), tone: 'accent' };
    case 'installing':
      return { text: t('models.states.installing'), tone: 'accent' };
    case 'missing':
    case 'not_installed':
      return { text: t('models.states.missing'), tone: 'warn' };
    case 'failed':
    case 'error':
      return { text: t('models.states.failed'), tone: 'err' };
    default:
      return { text: sentence(model.state) };
  }
}

export function isCopyleft(licence: string): boolean {
  return /\bA?GPL/i.test(licence);
}

/** Cards come with models that anyone may upload: other schemes than the web's are not linked. */
export function isWebAddress(address: string | undefined): boolean {
  return address !== undefined && /^https?:\/\//i.test(address);
}

export function modelName(model: Model): string {
  return model.name ?? model.id;
}

function sentence(slug: string): string {
  const words = slug.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
