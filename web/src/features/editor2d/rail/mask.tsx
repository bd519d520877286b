import { Brush, Eraser, Grid3x3, PaintBucket, Scissors, Wand } from 'lucide-react';
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
  {
    id: 'fill',
    title: 'masks.tools.fill.title',
    hint: 'masks.tools.fill.hint',
    keys: 'K',
    icon: <PaintBucket aria-hidden="true" />,
    testId: 'fill-tool',
  },
  {
    id: 'wand',
    title: 'masks.tools.wand.title',
    hint: 'masks.tools.wand.hint',
    keys: 'W',
    icon: <Wand aria-hidden="true" />,
    testId: 'wand-tool',
  },
  {
    id: 'scissors',
    title: 'masks.tools.scissors.title',
    hint: 'masks.tools.scissors.hint',
    keys: 'Shift I',
    icon: <Scissors aria-hidden="true" />,
    testId: 'scissors-tool',
  },
  {
    id: 'superpixels',
    title: 'masks.tools.superpixels.title',
    hint: 'masks.tools.superpixels.hint',
    keys: 'U',
    icon: <Grid3x3 aria-hidden="true" />,
    testId: 'superpixels-tool',
  },
];
