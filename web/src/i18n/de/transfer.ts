import type { transfer as en } from '../en/transfer';
import type { Translation } from '../translation';

export const transfer: Translation<typeof en> = {};
