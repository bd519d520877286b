import type { structure as en } from '../en/structure';
import type { Translation } from '../translation';

export const structure: Translation<typeof en> = {};
