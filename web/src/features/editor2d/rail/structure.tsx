import { Box, PersonStanding } from 'lucide-react';
import type { RailTool } from './railTool';

export const kStructureRail: readonly RailTool[] = [
  {
    id: 'skeleton',
    title: 'structure.skeleton.title',
    hint: 'structure.skeleton.hint',
    keys: 'Shift+S',
    icon: <PersonStanding aria-hidden="true" />,
    testId: 'skeleton-tool',
  },
  {
    id: 'cuboid',
    title: 'structure.cuboid.title',
    hint: 'structure.cuboid.hint',
    keys: 'Shift+C',
    icon: <Box aria-hidden="true" />,
    testId: 'cuboid-tool',
  },
];
