import type { Model } from '@/net/api';
import type { Tone } from '@/ui/Badge';

const taskNames: Record<string, string> = {
  detection: 'Object detection',
  detect: 'Object detection',
  segmentation: 'Click to segment',
  segment: 'Click to segment',
  promptable_segmentation: 'Click to segment',
  classification: 'Classification',
  keypoints: 'Keypoints',
  pose: 'Pose',
};

export function taskName(task: string): string {
  return taskNames[task] ?? sentence(task);
}

export function isDetector(model: Model): boolean {
  return model.task === 'detection' || model.task === 'detect';
}

export function isSegmenter(model: Model): boolean {
  return model.task.includes('segment');
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
      return { text: 'Ready', tone: 'ok' };
    case 'loaded':
      return { text: 'In memory', tone: 'ok' };
    case 'loading':
      return { text: 'Loading', tone: 'accent' };
    case 'missing':
    case 'not_installed':
      return { text: 'Not installed', tone: 'warn' };
    case 'failed':
    case 'error':
      return { text: 'Failed', tone: 'err' };
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
