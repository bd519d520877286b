import type { preannotate as en } from '../en/preannotate';
import type { Translation } from '../translation';

export const preannotate: Translation<typeof en> = {};
