import type { discover as en } from '../en/discover';
import type { Translation } from '../translation';

export const discover: Translation<typeof en> = {};
