import type { MessageKey } from '@/i18n/i18n';

/** The 80 classes of the COCO detection challenge, in its order and spelling. */
export const cocoClasses: readonly string[] = [
  'person', 'bicycle', 'car', 'motorcycle', 'airplane', 'bus', 'train', 'truck', 'boat',
  'traffic light', 'fire hydrant', 'stop sign', 'parking meter', 'bench', 'bird', 'cat', 'dog',
  'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe', 'backpack', 'umbrella',
  'handbag', 'tie', 'suitcase', 'frisbee', 'skis', 'snowboard', 'sports ball', 'kite',
  'baseball bat', 'baseball glove', 'skateboard', 'surfboard', 'tennis racket', 'bottle',
  'wine glass', 'cup', 'fork', 'knife', 'spoon', 'bowl', 'banana', 'apple', 'sandwich', 'orange',
  'broccoli', 'carrot', 'hot dog', 'pizza', 'donut', 'cake', 'chair', 'couch', 'potted plant',
  'bed', 'dining table', 'toilet', 'tv', 'laptop', 'mouse', 'remote', 'keyboard', 'cell phone',
  'microwave', 'oven', 'toaster', 'sink', 'refrigerator', 'book', 'clock', 'vase', 'scissors',
  'teddy bear', 'hair drier', 'toothbrush',
];

export interface LabelPreset {
  title: MessageKey;
  labels: readonly string[];
}

export const labelPresets: readonly LabelPreset[] = [
  {
    title: 'labels.presets.common',
    labels: [
      'person', 'bicycle', 'car', 'motorcycle', 'bus', 'truck', 'dog', 'cat', 'bird', 'chair',
    ],
  },
  {
    title: 'labels.presets.traffic',
    labels: [
      'person', 'bicycle', 'car', 'motorcycle', 'bus', 'truck', 'train', 'traffic light',
      'stop sign',
    ],
  },
  {
    title: 'labels.presets.animals',
    labels: [
      'bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe',
    ],
  },
  { title: 'labels.presets.coco', labels: cocoClasses },
];
