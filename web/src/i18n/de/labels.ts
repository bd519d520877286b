import type { labels as en } from '../en/labels';
import type { Translation } from '../translation';

export const labels: Translation<typeof en> = {};
