import type { history as en } from '../en/history';
import type { Translation } from '../translation';

export const history: Translation<typeof en> = {};
