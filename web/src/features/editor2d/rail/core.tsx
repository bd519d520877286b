import { MessageSquarePlus, MousePointer2, Pentagon, Square, WandSparkles } from 'lucide-react';
import type { RailTool } from './railTool';

export const kCoreRail: readonly RailTool[] = [
  {
    id: 'select',
    title: 'tools.select.title',
    hint: 'tools.select.hint',
    keys: 'V',
    icon: <MousePointer2 aria-hidden="true" />,
    testId: 'select-tool',
  },
  {
    id: 'box',
    title: 'tools.box.title',
    hint: 'tools.box.hint',
    keys: 'R',
    icon: <Square aria-hidden="true" />,
    testId: 'detection-tool',
  },
  {
    id: 'polygon',
    title: 'tools.polygon.title',
    hint: 'tools.polygon.hint',
    keys: 'P',
    icon: <Pentagon aria-hidden="true" />,
    testId: 'polygon-tool',
  },
  {
    id: 'segment',
    title: 'tools.segment.title',
    hint: 'tools.segment.hint',
    keys: 'A',
    icon: <WandSparkles aria-hidden="true" />,
    testId: 'segment-tool',
    ai: true,
  },
  {
    id: 'comment',
    title: 'tools.comment.title',
    hint: 'tools.comment.hint',
    keys: 'C',
    icon: <MessageSquarePlus aria-hidden="true" />,
    testId: 'comment-tool',
  },
];
