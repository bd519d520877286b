import type { objects as en } from '../en/objects';
import type { Translation } from '../translation';

export const objects: Translation<typeof en> = {};
