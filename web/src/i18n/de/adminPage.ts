import { provisioning } from './provisioning';
import { rights } from './rights';

export const adminPage = {
  rights,
  provisioning,
};
