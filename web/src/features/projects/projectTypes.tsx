import { Box, Boxes, PersonStanding, Route, Shapes, Tags } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MessageKey } from '@/i18n/i18n';
import type { ProjectType } from '@/net/api';

export interface ProjectTypeInfo {
  label: MessageKey;
  help: MessageKey;
  icon: ReactNode;
}

export const projectTypeInfo: Record<ProjectType, ProjectTypeInfo> = {
  detection: {
    label: 'projects.types.detection.label',
    help: 'projects.types.detection.help',
    icon: <Box />,
  },
  segmentation: {
    label: 'projects.types.segmentation.label',
    help: 'projects.types.segmentation.help',
    icon: <Shapes />,
  },
  classification: {
    label: 'projects.types.classification.label',
    help: 'projects.types.classification.help',
    icon: <Tags />,
  },
  keypoints: {
    label: 'projects.types.keypoints.label',
    help: 'projects.types.keypoints.help',
    icon: <PersonStanding />,
  },
  tracking: {
    label: 'projects.types.tracking.label',
    help: 'projects.types.tracking.help',
    icon: <Route />,
  },
  pointcloud: {
    label: 'projects.types.pointcloud.label',
    help: 'projects.types.pointcloud.help',
    icon: <Boxes />,
  },
};
