import { providers } from './providers';
import { rights } from './rights';

/** What the administration says. */
export const adminPage = {
  rights,
  providers,
};
