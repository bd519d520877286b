/** Words for the codes that the session, the kernel and the tools report. */
const kTitles: Record<string, string> = {
  vertex_needed: 'A polygon needs at least three vertices',
  no_mask: 'The model found nothing here',
  segment_failed: 'The AI tool could not answer',
  label_not_created: 'The label could not be created',
  not_found: 'This object is gone',
  target_not_found: 'This object is gone',
  target_missing: 'This object is gone',
  label_not_found: 'This label is no longer part of the project',
  unknown_label: 'This label is no longer part of the project',
  forbidden: 'You may not change this image',
};

const kHints: Record<string, string> = {
  vertex_needed: 'Delete the whole polygon with Del instead.',
  no_mask: 'Click nearer to the middle of the object, or drag a box around it.',
};

export function noticeText(code: string, detail = ''): { title: string; text?: string } {
  const title = kTitles[code] ?? 'A change was not accepted and has been taken back';
  const text = kHints[code] ?? (detail || (kTitles[code] ? undefined : `Reason: ${code}`));
  return text === undefined ? { title } : { title, text };
}
