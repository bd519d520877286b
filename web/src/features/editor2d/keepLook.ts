/** What a person chose about the look is there again in the next image and the next visit. */
import type { Editor } from '@/editor/editor';
import { lookFrom } from '@/editor/look';
import { preferences } from '@/net/preferences';

const kName = 'canvas.look';

export function keepLook(editor: Editor): void {
  editor.look.set(lookFrom(preferences.get<unknown>(kName, null)));
  editor.look.subscribe(() => preferences.set(kName, editor.look.get()));
}
