import { provisioning } from './provisioning';
import { providers } from './providers';
import { rights } from './rights';

/** What the administration says. */
export const adminPage = {
  rights,
  provisioning,
  providers,
};
