import type { canvas as en } from '../en/canvas';
import type { Translation } from '../translation';

export const canvas: Translation<typeof en> = {};
