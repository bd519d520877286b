import type { models as en } from '../en/models';
import type { Translation } from '../translation';

export const models: Translation<typeof en> = {};
