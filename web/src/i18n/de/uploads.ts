import type { uploads as en } from '../en/uploads';
import type { Translation } from '../translation';

export const uploads: Translation<typeof en> = {};
