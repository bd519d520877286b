import type { ToolId } from '@/editor/editor';
import type { MessageKey } from '@/i18n/i18n';

/** Tools that share a place of the rail; the first is on top until another was used. */
export interface RailGroup {
  name: string;
  /** Null for a tool that stands alone. */
  title: MessageKey | null;
  tools: readonly ToolId[];
}

export const kRailGroups: readonly RailGroup[] = [
  { name: 'select', title: null, tools: ['select'] },
  { name: 'box', title: 'tools.groups.box', tools: ['box', 'rotated_box', 'extreme_box'] },
  { name: 'polygon', title: 'tools.groups.polygon', tools: ['polygon', 'slice', 'join'] },
  { name: 'shape', title: 'tools.groups.shape', tools: ['polyline', 'points', 'ellipse'] },
  { name: 'structure', title: 'tools.groups.structure', tools: ['skeleton', 'cuboid'] },
  {
    name: 'mask',
    title: 'tools.groups.mask',
    tools: ['brush', 'eraser', 'fill', 'wand', 'scissors', 'superpixels'],
  },
  { name: 'segment', title: null, tools: ['segment'] },
  { name: 'relation', title: null, tools: ['relation'] },
  { name: 'comment', title: null, tools: ['comment'] },
];
