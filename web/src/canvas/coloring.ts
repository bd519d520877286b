/** Which colour an object has, by what the person wants to tell apart. */
import type { Editor } from '../editor/editor';
import { groupColor } from '../editor/objects/groups';
import type { Annotation } from '../kernel/records';

const kUngrouped = '#94A3B8';
const kSources: Record<string, string> = {
  manual: '#38BDF8',
  import: '#FBBF24',
  model: '#A78BFA',
};
const kOtherSource = '#94A3B8';
/** A turn of the colour circle that never comes back to nearly the same hue soon. */
const kGolden = 137.508;

export function colorOf(editor: Editor, annotation: Annotation): string {
  switch (editor.look.get().colorBy) {
    case 'label':
      return editor.labelOf(annotation).color;
    case 'object':
      return hueColor(hashOf(annotation.id) * kGolden);
    case 'group':
      return annotation.group ? groupColor(annotation.group) : kUngrouped;
    case 'score':
      return scoreColor(annotation.score ?? null);
    case 'source':
      return kSources[annotation.source ?? ''] ?? kOtherSource;
  }
}

/** Red for nothing, yellow in the middle, green for certain; grey for what has none. */
export function scoreColor(score: number | null): string {
  if (score === null) return kUngrouped;
  return hueColor(120 * Math.min(1, Math.max(0, score)));
}

function hueColor(degrees: number): string {
  return hslHex(((degrees % 360) + 360) % 360, 0.75, 0.6);
}

function hslHex(hue: number, saturation: number, lightness: number): string {
  const chroma = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12;
    const value = lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * value)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

function hashOf(id: string): number {
  let hash = 0;
  for (let i = 0; i < id.length; i++) hash = (Math.imul(hash, 31) + id.charCodeAt(i)) >>> 0;
  return hash % 100_003;
}
