import type { ai as en } from '../en/ai';
import type { Translation } from '../translation';

export const ai: Translation<typeof en> = {};
