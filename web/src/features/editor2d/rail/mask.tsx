import { Brush, Eraser } from 'lucide-react';
import type { RailTool } from './railTool';

export const kMaskRail: readonly RailTool[] = [
  {
    id: 'brush',
    title: 'masks.tools.brush.title',
    hint: 'masks.tools.brush.hint',
    keys: 'B',
    icon: <Brush aria-hidden="true" />,
    testId: 'brush-tool',
  },
  {
    id: 'eraser',
    title: 'masks.tools.eraser.title',
    hint: 'masks.tools.eraser.hint',
    keys: 'E',
    icon: <Eraser aria-hidden="true" />,
    testId: 'eraser-tool',
  },
];
