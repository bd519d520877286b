import { Circle, Combine, Diamond, Grip, Move, Scissors, Spline } from 'lucide-react';
import type { RailTool } from './railTool';

export const kVectorRail: readonly RailTool[] = [
  {
    id: 'rotated_box',
    title: 'tools.rotated_box.title',
    hint: 'tools.rotated_box.hint',
    keys: 'Shift R',
    icon: <Diamond aria-hidden="true" />,
    testId: 'rotated-box-tool',
  },
  {
    id: 'extreme_box',
    title: 'tools.extreme_box.title',
    hint: 'tools.extreme_box.hint',
    keys: 'X',
    icon: <Move aria-hidden="true" />,
    testId: 'extreme-box-tool',
  },
  {
    id: 'slice',
    title: 'tools.slice.title',
    hint: 'tools.slice.hint',
    keys: 'Alt J',
    icon: <Scissors aria-hidden="true" />,
    testId: 'slice-tool',
  },
  {
    id: 'join',
    title: 'tools.join.title',
    hint: 'tools.join.hint',
    keys: 'J',
    icon: <Combine aria-hidden="true" />,
    testId: 'join-tool',
  },
  {
    id: 'polyline',
    title: 'tools.polyline.title',
    hint: 'tools.polyline.hint',
    keys: 'L',
    icon: <Spline aria-hidden="true" />,
    testId: 'polyline-tool',
  },
  {
    id: 'points',
    title: 'tools.points.title',
    hint: 'tools.points.hint',
    keys: 'Shift P',
    icon: <Grip aria-hidden="true" />,
    testId: 'points-tool',
  },
  {
    id: 'ellipse',
    title: 'tools.ellipse.title',
    hint: 'tools.ellipse.hint',
    keys: 'Shift O',
    icon: <Circle aria-hidden="true" />,
    testId: 'ellipse-tool',
  },
];
