import { provisioning } from './provisioning';
import { providers } from './providers';
import { rights } from './rights';

export const adminPage = {
  rights,
  provisioning,
  providers,
};
