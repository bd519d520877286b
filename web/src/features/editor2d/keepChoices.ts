/** What a person chose is there again in the next image and the next visit. */
import type { Editor } from '@/editor/editor';
import { lookFrom } from '@/editor/look';
import type { Signal } from '@/editor/signal';
import { preferences } from '@/net/preferences';
import { kHoles, kLook, kSnapping } from './choices';

export function keepChoices(editor: Editor): void {
  editor.look.set(lookFrom(preferences.get<unknown>(kLook, null)));
  editor.look.subscribe(() => preferences.set(kLook, editor.look.get()));
  keepSwitch(editor.snapping, kSnapping);
  keepSwitch(editor.cutting, kHoles);
}

function keepSwitch(signal: Signal<boolean>, name: string): void {
  signal.set(preferences.get(name, signal.get()) === true);
  signal.subscribe(() => preferences.set(name, signal.get()));
}
