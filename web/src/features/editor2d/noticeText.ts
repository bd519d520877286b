/** Words for the codes that the session, the kernel and the tools report. */
import { t, tMaybe, type MessageKey } from '@/i18n/i18n';
import { maskNotice } from './maskNotices';

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
  const known = tMaybe(`editor.notices.${code}`);
  const reason = known === null ? t('editor.notices.reason', { code }) : null;
  const text = tMaybe(`editor.noticeHints.${code}`) ?? (detail || reason);
  return { title: known ?? t('editor.notices.refused'), ...(text !== null && { text }) };
}
