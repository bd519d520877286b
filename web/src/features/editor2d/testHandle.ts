/**
 * What browser tests hold on to: image coordinates to the page's, the document, and the one thing
 * to wait for. Only with `?e2e` on a loopback host.
 */
import type { Stage } from '@/canvas/stage';
import { commandById } from '@/editor/commands/all';
import { runCommand, type Workspace } from './workspace';

const kFlag = 'aa.e2e';
const kLoopback = new Set(['localhost', '127.0.0.1', '[::1]']);

export function wantsTestHandle(place: Location): boolean {
  if (!kLoopback.has(place.hostname)) return false;
  try {
    if (new URLSearchParams(place.search).has('e2e')) sessionStorage.setItem(kFlag, '1');
    return sessionStorage.getItem(kFlag) === '1';
  } catch {
    return new URLSearchParams(place.search).has('e2e');
  }
}

export function installTestHandle(
  { editor, toolbox, commands }: Workspace,
  stage: Stage,
): () => void {
  const settled = () => stage.settled && (editor.door?.pendingCount ?? 0) === 0;
  const handle = {
    editor,
    stage,
    toolbox,
    /** Runs a command as its key would. */
    run: (id: string) => runCommand(commandById(id), commands),
    tool: () => toolbox.path(),
    camera: {
      /** Image pixels to CSS pixels of the window. */
      toScreen: (x: number, y: number) => editor.view.toScreen([x, y]),
    },
    shapes: () => editor.store.ordered().map((entry) => entry.annotation),
    stats: () => ({ ...stage.stats }),
    idle: async () => {
      while (!settled()) await new Promise((done) => setTimeout(done, 16));
    },
  };
  Object.assign(window, { __annotate: handle });
  return () => {
    if (Reflect.get(window, '__annotate') === handle) Reflect.deleteProperty(window, '__annotate');
  };
}
