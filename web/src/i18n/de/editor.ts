import type { editor as en } from '../en/editor';
import type { Translation } from '../translation';

export const editor: Translation<typeof en> = {
  rescue: { kept: 'Das Gezeichnete bleibt als „{{label}}“ erhalten.' },
};
