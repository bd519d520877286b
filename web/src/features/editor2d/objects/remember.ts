/** What is remembered in this browser: the filter per project, marks per image. */
import type { Editor } from '@/editor/editor';
import { readCriteria } from '@/editor/objects/filter';
import { marks, marksOf, putMarks } from '@/editor/objects/marks';
import { preferences } from '@/net/preferences';
import { shelfGet, shelfPut, shelfRemove, shelfTrim } from '@/net/shelf';

const kMarks = 'marks/';
const kImagesMax = 500;
const kPauseMs = 300;

export function rememberFilter(editor: Editor, projectId: string): void {
  const name = `objects.filter.${projectId}`;
  editor.filter.set(readCriteria(preferences.get<unknown>(name, null)));
  editor.filter.criteria.subscribe(() => preferences.set(name, editor.filter.criteria.get()));
}

/** After the document is there; what is marked meanwhile counts more than what was kept. */
export async function rememberMarks(editor: Editor, assetId: string): Promise<void> {
  const name = kMarks + assetId;
  const kept = await shelfGet(name);
  if (marks.every((mark) => editor[mark].get().size === 0)) putMarks(editor, kept);
  let timer: ReturnType<typeof setTimeout> | null = null;
  const keep = () => {
    timer = null;
    const stored = marksOf(editor);
    if (Object.keys(stored).length === 0) void shelfRemove(name);
    else void shelfPut(name, stored).then(() => shelfTrim(kMarks, kImagesMax));
  };
  for (const mark of marks) {
    editor[mark].subscribe(() => {
      timer ??= setTimeout(keep, kPauseMs);
    });
  }
}
