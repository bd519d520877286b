/** Opens the editor of one asset: kernel, session, tools. Closes it when the asset changes. */
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { VisionClient } from '@/canvas/visionClient';
import { Editor } from '@/editor/editor';
import { t } from '@/i18n/i18n';
import { loadKernel } from '@/kernel/kernel';
import type { Asset, Me, Project } from '@/net/api';
import { openSession } from '@/net/openSession';
import { Toolbox } from '@/tools/toolbox';
import { toast } from '@/ui/Toast';
import { previewMask, readImage, segment } from './annotateApi';
import { projectQuery } from '../projects/queries';
import { carriedFor, carry } from './carry';
import { keepChoices } from './keepChoices';
import { noticeText } from './noticeText';
import { rememberFilter, rememberMarks } from './objects/remember';
import { ensureFirstLabel } from './projectLabels';

export interface OpenEditor {
  editor: Editor;
  toolbox: Toolbox;
}

export interface EditorOpening {
  open: OpenEditor | null;
  error: unknown;
  retry(): void;
}

export function useWorkspaceEditor(project: Project, asset: Asset, me: Me): EditorOpening {
  const client = useQueryClient();
  const [open, setOpen] = useState<OpenEditor | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  const { id: projectId, type } = project;
  const { id: assetId, width, height } = asset;
  const userId = me.user.id;

  useEffect(() => {
    let stale = false;
    let opened: OpenEditor | null = null;
    setError(null);
    openEditor({ client, projectId, type, assetId, width, height, userId })
      .then((result) => {
        if (stale) return closeEditor(result);
        opened = result;
        setOpen(result);
      })
      .catch((reason: unknown) => {
        if (!stale) setError(reason);
      });
    return () => {
      stale = true;
      setOpen(null);
      if (opened) closeEditor(opened);
    };
  }, [client, projectId, type, assetId, width, height, userId, attempt]);

  useEffect(() => {
    if (!open) return;
    const { editor } = open;
    editor.labels.set(project.labels);
    const active = editor.activeLabel.get();
    if (active !== null && project.labels.some((label) => label.id === active)) return;
    const name = carriedFor(projectId).labelName;
    const label = project.labels.find((candidate) => candidate.name === name);
    editor.activeLabel.set((label ?? project.labels[0])?.id ?? null);
  }, [open, project.labels, projectId]);

  return { open, error, retry: () => setAttempt((count) => count + 1) };
}

interface OpenInput {
  client: QueryClient;
  projectId: string;
  type: Project['type'];
  assetId: string;
  width: number;
  height: number;
  userId: string;
}

async function openEditor(input: OpenInput): Promise<OpenEditor> {
  const { client, projectId, assetId } = input;
  const kernel = await loadKernel();
  const editor = new Editor(kernel, {
    vision: () => new VisionClient(),
    segment: (request, signal) => segment(assetId, request, signal),
    preview: (at, signal) => previewMask(assetId, at, signal),
    readImage: (signal) => readImage(assetId, signal),
    createFirstLabel: async () => {
      const { label, created } = await ensureFirstLabel(client, projectId);
      editor.labels.update((labels) =>
        labels.some((known) => known.id === label.id) ? labels : [...labels, label],
      );
      editor.activeLabel.set(label.id);
      if (created) {
        toast({
          title: t('editor.labels.made', { label: label.name }),
          detail: t('editor.labels.madeHint'),
        });
      }
      return label;
    },
    refreshLabels: async () => {
      await client.invalidateQueries({ queryKey: projectQuery(projectId).queryKey });
      const { labels } = await client.fetchQuery(projectQuery(projectId));
      editor.labels.set(labels);
      if (!labels.some(({ id }) => id === editor.activeLabel.get())) {
        editor.activeLabel.set(labels[0]?.id ?? null);
      }
      return labels;
    },
  });
  const carried = carriedFor(projectId);
  editor.tool.set(carried.tool);
  editor.maskForm.set(carried.maskForm ?? (input.type === 'segmentation' ? 'mask' : 'polygon'));
  editor.view.setImage({ width: input.width, height: input.height });
  editor.notices.on(({ tone, code, detail, mend }) => {
    const { title, text } = noticeText(code, detail);
    const action = mend ? { label: t('editor.steps.restore'), run: mend } : undefined;
    toast({ tone: tone === 'error' ? 'err' : 'info', title, detail: text, action });
  });
  rememberChoices(editor, projectId);
  rememberFilter(editor, projectId);
  keepChoices(editor);
  const { userId } = input;
  const { listeners, company: live } = editor;
  const session = await openSession({ kernel, assetId, userId, listeners, live });
  editor.attach(session);
  void rememberMarks(editor, assetId);
  return { editor, toolbox: new Toolbox(editor) };
}

function rememberChoices(editor: Editor, projectId: string): void {
  editor.tool.subscribe(() => carry(projectId, { tool: editor.tool.get() }));
  editor.maskForm.subscribe(() => carry(projectId, { maskForm: editor.maskForm.get() }));
  editor.activeLabel.subscribe(() => {
    const label = editor.currentLabel();
    if (label) carry(projectId, { labelName: label.name });
  });
}

function closeEditor({ editor, toolbox }: OpenEditor): void {
  toolbox.dispose();
  editor.detach();
}
