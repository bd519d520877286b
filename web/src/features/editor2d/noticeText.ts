import { maskNotice } from './maskNotices';
import { t, type MessageKey } from '@/i18n/i18n';

/** Words for the codes that the session, the kernel and the tools report. */
const kTitles: Record<string, string> = {
  vertex_needed: 'A polygon needs at least three vertices',
  no_mask: 'The model found nothing here',
  segment_failed: 'The AI tool could not answer',
  label_not_created: 'The label could not be created',
  no_skeleton_label: 'No label of this project has a skeleton',
  no_label_for_shape: 'No label of this project takes this shape',
  target_gone: 'This object was deleted meanwhile',
  vertex_gone: 'This vertex was deleted meanwhile',
  changed_meanwhile: 'Someone else changed this object at the same time',
  too_few_vertices: 'A polygon needs at least three vertices',
  too_many_vertices: 'This shape has too many vertices',
  size_mismatch: 'This mask does not have the size of the image',
  in_the_past: 'This is an earlier state of the image',
  read_only: 'You may look at this image, not change it',
  label_changed: 'The labels of this project changed meanwhile',
  forbidden: 'You may not change this image',
  overruled: 'Someone else changed this at the same time',
  object_locked: 'This object is locked by you',
  too_many_relations: 'An object can have 100 relations',
  clipboard_empty: 'Nothing was copied yet',
  paste_refused: 'This is too much to paste, or not understood',
  paste_partly: 'Not everything was pasted',
  step_overruled: 'Nothing to take back: others have changed it since',
};

const kHints: Record<string, string> = {
  no_skeleton_label: 'Give a label its points under Labels on the project page.',
  no_label_for_shape: 'Add one in the Labels panel: new labels take every shape.',
  target_gone: 'Your change to it fell away.',
  overruled: 'Their later change stands.',
  changed_meanwhile: 'Their change is kept; make yours again if it is still needed.',
  in_the_past: 'Go back to now to change something, or restore this state.',
  vertex_needed: 'Delete the whole polygon with Del instead.',
  no_mask: 'Click nearer to the middle of the object, or drag a box around it.',
};

/** Of the vector tools: a title and, for some, a hint. */
const kVectorNotices: Record<string, readonly [MessageKey, MessageKey?]> = {
  slice_missed: ['tools.notices.sliceMissed', 'tools.notices.sliceMissedHint'],
  join_needs_two: ['tools.notices.joinNeedsTwo', 'tools.notices.joinNeedsTwoHint'],
  nothing_left: ['tools.notices.nothingLeft'],
  no_contour: ['tools.notices.noContour', 'tools.notices.noContourHint'],
};

export function noticeText(code: string, detail = ''): { title: string; text?: string } {
  const ofMasks = maskNotice(code);
  if (ofMasks) return ofMasks;
  const vector = kVectorNotices[code];
  if (vector) return { title: t(vector[0]), ...(vector[1] && { text: t(vector[1]) }) };
  const title = kTitles[code] ?? 'A change was not accepted and has been taken back';
  const text = kHints[code] ?? (detail || (kTitles[code] ? undefined : `Reason: ${code}`));
  return text === undefined ? { title } : { title, text };
}
