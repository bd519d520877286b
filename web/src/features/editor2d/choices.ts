/** Names of the preferences that the editor keeps and the settings show. */
import { kMaskDefaults } from '@/editor/masks/maskSettings';
import { kHoverPreference } from '@/tools/segment/hoverPreference';

export const kLook = 'canvas.look';
export const kSnapping = 'draw.snapping';
export const kHoles = 'draw.holes';
export const kGrouping = 'objects.grouping';
export const kDetector = 'ai.detector';

/** All that the settings put back. */
export const kEditorChoices: readonly string[] = [
  ...[kLook, kSnapping, kHoles, kGrouping, kDetector, kHoverPreference],
  ...Object.keys(kMaskDefaults).map((name) => `mask.${name}`),
];
