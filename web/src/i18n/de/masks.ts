import type { masks as en } from '../en/masks';
import type { Translation } from '../translation';

export const masks: Translation<typeof en> = {};
