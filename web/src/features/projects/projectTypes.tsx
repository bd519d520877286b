import { Box, Boxes, PersonStanding, Route, Shapes, Tags } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ProjectType } from '@/net/api';

export interface ProjectTypeInfo {
  label: string;
  help: string;
  icon: ReactNode;
}

export const projectTypeInfo: Record<ProjectType, ProjectTypeInfo> = {
  detection: {
    label: 'Object detection',
    help: 'Boxes around objects. AI suggests boxes and masks.',
    icon: <Box />,
  },
  segmentation: {
    label: 'Segmentation',
    help: 'Exact outlines: polygons and masks, one click with AI.',
    icon: <Shapes />,
  },
  classification: {
    label: 'Classification',
    help: 'One or more tags for the image as a whole.',
    icon: <Tags />,
  },
  keypoints: {
    label: 'Keypoints',
    help: 'Named points and skeletons, such as body joints.',
    icon: <PersonStanding />,
  },
  tracking: {
    label: 'Tracking',
    help: 'The same object followed through the frames of a video.',
    icon: <Route />,
  },
  pointcloud: {
    label: 'Point cloud',
    help: 'Cuboids in lidar scans.',
    icon: <Boxes />,
  },
};
