import { admin } from './admin';
import { auth } from './auth';
import { common } from './common';
import { discover } from './discover';
import { gallery } from './gallery';
import { jobs } from './jobs';
import { labels } from './labels';
import { models } from './models';
import { newProject } from './newProject';
import { notifications } from './notifications';
import { preannotate } from './preannotate';
import { projects } from './projects';
import { settings } from './settings';
import { shell } from './shell';
import { sso } from './sso';
import { tokens } from './tokens';
import { transfer } from './transfer';
import { uploads } from './uploads';

/** What every page says. */
export const app = {
  common,
  shell,
  auth,
  projects,
  labels,
  gallery,
  uploads,
  transfer,
  discover,
  preannotate,
  models,
  newProject,
  jobs,
  settings,
  admin,
  notifications,
  tokens,
  sso,
};
