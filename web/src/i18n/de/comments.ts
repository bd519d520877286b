import type { comments as en } from '../en/comments';
import type { Translation } from '../translation';

export const comments: Translation<typeof en> = {};
