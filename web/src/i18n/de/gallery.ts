import type { gallery as en } from '../en/gallery';
import type { Translation } from '../translation';

export const gallery: Translation<typeof en> = {};
