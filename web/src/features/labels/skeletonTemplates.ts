/**
 * Skeletons that many data sets share, with the names and the bones their file formats have. Places
 * are of a figure that faces us: its left is at our right.
 */
import type { SkeletonTemplate } from '@/net/api';
import type { MessageKey } from '@/i18n/i18n';

export interface NamedTemplate {
  id: string;
  title: MessageKey;
  template: SkeletonTemplate;
}

type Place = readonly [name: string, x: number, y: number];

function template(places: readonly Place[], edges: readonly string[]): SkeletonTemplate {
  const points = places.map(([name]) => name);
  return {
    points,
    positions: places.map(([, x, y]) => [x, y]),
    edges: edges.map((edge): [number, number] => {
      const [from, to] = edge.split(' ');
      return [points.indexOf(from!), points.indexOf(to!)];
    }),
  };
}

/** COCO keypoints, 17 points. */
const kPerson = template(
  [
    ['nose', 0.5, 0.06], ['left_eye', 0.54, 0.03], ['right_eye', 0.46, 0.03],
    ['left_ear', 0.59, 0.05], ['right_ear', 0.41, 0.05], ['left_shoulder', 0.68, 0.2],
    ['right_shoulder', 0.32, 0.2], ['left_elbow', 0.8, 0.36], ['right_elbow', 0.2, 0.36],
    ['left_wrist', 0.86, 0.52], ['right_wrist', 0.14, 0.52], ['left_hip', 0.61, 0.53],
    ['right_hip', 0.39, 0.53], ['left_knee', 0.63, 0.75], ['right_knee', 0.37, 0.75],
    ['left_ankle', 0.64, 0.97], ['right_ankle', 0.36, 0.97],
  ],
  [
    'left_ankle left_knee', 'left_knee left_hip', 'right_ankle right_knee', 'right_knee right_hip',
    'left_hip right_hip', 'left_shoulder left_hip', 'right_shoulder right_hip',
    'left_shoulder right_shoulder', 'left_shoulder left_elbow', 'right_shoulder right_elbow',
    'left_elbow left_wrist', 'right_elbow right_wrist', 'left_eye right_eye', 'nose left_eye',
    'nose right_eye', 'left_eye left_ear', 'right_eye right_ear', 'left_ear left_shoulder',
    'right_ear right_shoulder',
  ],
);

function finger(name: string, places: readonly (readonly [number, number])[]): Place[] {
  return places.map(([x, y], index) => [`${name}${index + 1}`, x, y]);
}

function fingerBones(name: string): string[] {
  return ['wrist', 1, 2, 3].map((from, index) =>
    [from === 'wrist' ? from : `${name}${from}`, `${name}${index + 1}`].join(' '),
  );
}

const kFingers = ['thumb', 'forefinger', 'middle_finger', 'ring_finger', 'pinky_finger'];

/** COCO-WholeBody's hand, 21 points: a right hand, its palm to us. */
const kHand = template(
  [
    ['wrist', 0.5, 0.97],
    ...finger('thumb', [[0.66, 0.86], [0.78, 0.74], [0.87, 0.64], [0.95, 0.56]]),
    ...finger('forefinger', [[0.63, 0.54], [0.66, 0.36], [0.68, 0.24], [0.69, 0.14]]),
    ...finger('middle_finger', [[0.5, 0.51], [0.5, 0.31], [0.5, 0.17], [0.5, 0.05]]),
    ...finger('ring_finger', [[0.37, 0.53], [0.34, 0.35], [0.32, 0.23], [0.31, 0.12]]),
    ...finger('pinky_finger', [[0.26, 0.6], [0.19, 0.47], [0.15, 0.38], [0.11, 0.29]]),
  ],
  kFingers.flatMap(fingerBones),
);

/** Five landmarks, as face detectors give them. */
const kFace = template(
  [
    ['left_eye', 0.78, 0.2], ['right_eye', 0.22, 0.2], ['nose', 0.5, 0.5],
    ['left_mouth_corner', 0.7, 0.85], ['right_mouth_corner', 0.3, 0.85],
  ],
  [
    'left_eye right_eye', 'left_eye nose', 'right_eye nose', 'nose left_mouth_corner',
    'nose right_mouth_corner', 'left_mouth_corner right_mouth_corner',
  ],
);

/** AP-10K, 17 points: a quadruped from its left side, head to our left. */
const kQuadruped = template(
  [
    ['left_eye', 0.12, 0.14], ['right_eye', 0.07, 0.13], ['nose', 0.02, 0.25],
    ['neck', 0.27, 0.27], ['root_of_tail', 0.93, 0.26], ['left_shoulder', 0.3, 0.44],
    ['left_elbow', 0.32, 0.66], ['left_front_paw', 0.31, 0.97], ['right_shoulder', 0.23, 0.43],
    ['right_elbow', 0.21, 0.65], ['right_front_paw', 0.19, 0.94], ['left_hip', 0.82, 0.44],
    ['left_knee', 0.78, 0.67], ['left_back_paw', 0.85, 0.97], ['right_hip', 0.75, 0.43],
    ['right_knee', 0.68, 0.65], ['right_back_paw', 0.73, 0.94],
  ],
  [
    'left_eye right_eye', 'left_eye nose', 'right_eye nose', 'nose neck', 'neck root_of_tail',
    'neck left_shoulder', 'left_shoulder left_elbow', 'left_elbow left_front_paw',
    'neck right_shoulder', 'right_shoulder right_elbow', 'right_elbow right_front_paw',
    'root_of_tail left_hip', 'left_hip left_knee', 'left_knee left_back_paw',
    'root_of_tail right_hip', 'right_hip right_knee', 'right_knee right_back_paw',
  ],
);

export const skeletonTemplates: readonly NamedTemplate[] = [
  { id: 'person', title: 'labels.skeletons.person', template: kPerson },
  { id: 'hand', title: 'labels.skeletons.hand', template: kHand },
  { id: 'face', title: 'labels.skeletons.face', template: kFace },
  { id: 'quadruped', title: 'labels.skeletons.quadruped', template: kQuadruped },
];

/** @throws RangeError for an id that no template has. */
export function skeletonTemplate(id: string): SkeletonTemplate {
  const found = skeletonTemplates.find((one) => one.id === id);
  if (!found) throw new RangeError(`no skeleton template "${id}"`);
  return structuredClone(found.template);
}
