import { tMaybe } from '@/i18n/i18n';

/** A permission in words; one that this build does not know by its own name. */
export function permissionName(permission: string): string {
  return tMaybe(`rights.permissions.${permission}`) ?? permission;
}
