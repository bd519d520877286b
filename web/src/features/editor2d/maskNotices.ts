import { t } from '@/i18n/i18n';

const kCodes = ['no_mask_to_erase', 'object_guarded', 'not_enclosed', 'vision_failed'] as const;

/** What the mask tools report, in words; null for others' codes. */
export function maskNotice(code: string): { title: string; text: string } | null {
  const known = kCodes.find((candidate) => candidate === code);
  if (!known) return null;
  return { title: t(`masks.notices.${known}.title`), text: t(`masks.notices.${known}.text`) };
}
