import type { Role } from '@/net/adminRoutes';

/** Nobody gives what he lacks; the server says the same. */
export function givable(roles: readonly Role[], own: readonly string[]): Role[] {
  return roles.filter((role) => role.permissions.every((one) => own.includes(one)));
}
