import type { projects as en } from '../en/projects';
import type { Translation } from '../translation';

export const projects: Translation<typeof en> = {};
