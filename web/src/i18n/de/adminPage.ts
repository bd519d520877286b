import { rights } from './rights';

export const adminPage = {
  rights,
};
