/** What the parts of the annotate page share. */
import { createContext, useContext } from 'react';
import type { Command, CommandContext } from '@/editor/commands/command';
import { commandById } from '@/editor/commands/all';
import type { Editor } from '@/editor/editor';
import type { Asset } from '@/net/api';
import type { Toolbox } from '@/tools/toolbox';

export interface Workspace {
  projectId: string;
  asset: Asset;
  editor: Editor;
  toolbox: Toolbox;
  commands: CommandContext;
  /** Opens the history of one object in the side panel. */
  openHistory(annotationId: string): void;
}

export const WorkspaceContext = createContext<Workspace | null>(null);

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) throw new Error('useWorkspace outside of the annotate page');
  return workspace;
}

export function useEditor(): Editor {
  return useWorkspace().editor;
}

/** Runs a command if it may run now. */
export function runCommand(command: Command, context: CommandContext): boolean {
  if (command.enabled && !command.enabled(context)) return false;
  command.run(context);
  return true;
}

export function useCommand(id: string): () => void {
  const { commands } = useWorkspace();
  return () => void runCommand(commandById(id), commands);
}
