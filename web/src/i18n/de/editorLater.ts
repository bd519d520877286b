import { comments } from './comments';
import { editorSettings } from './editorSettings';
import { history } from './history';
import { review } from './review';
import { together } from './together';

/** What parts of the editor say that are fetched once the canvas is up. */
export const editorLater = { comments, editorSettings, history, review, together };
