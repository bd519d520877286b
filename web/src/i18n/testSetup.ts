/** Tests read English, as most people do. */
import { addMessages, setLanguage } from './i18n';
import { adminPage } from './en/adminPage';
import { app } from './en/app';
import { editorLater } from './en/editorLater';
import { editorPage } from './en/editorPage';
import { securityPage } from './en/securityPage';

setLanguage('en');
addMessages('en', app);
addMessages('en', adminPage);
addMessages('en', editorPage);
addMessages('en', editorLater);
addMessages('en', securityPage);
