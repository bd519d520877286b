import { mfa } from './mfa';

/** What second factors and passkeys say. */
export const securityPage = {
  mfa,
};
