import { provisioning } from './provisioning';
import { rights } from './rights';

/** What the administration says. */
export const adminPage = {
  rights,
  provisioning,
};
