import { mfa } from './mfa';

export const securityPage = {
  mfa,
};
