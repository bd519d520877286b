import { tMaybe } from '@/i18n/i18n';

/** A role in words; one that this build does not know by its own name. */
export function roleName(role: string): string {
  return tMaybe(`admin.roles.${role}`) ?? role;
}
