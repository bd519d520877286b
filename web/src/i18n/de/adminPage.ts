import { providers } from './providers';
import { rights } from './rights';

export const adminPage = {
  rights,
  providers,
};
