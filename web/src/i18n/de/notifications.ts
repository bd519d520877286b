import type { notifications as en } from '../en/notifications';
import type { Translation } from '../translation';

export const notifications: Translation<typeof en> = {};
