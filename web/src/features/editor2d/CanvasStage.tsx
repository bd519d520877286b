import { ImageOff, RotateCw } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { Stage } from '@/canvas/stage';
import type { ImageState } from '@/canvas/imageLayer';
import type { Editor } from '@/editor/editor';
import { heldGrip } from '@/editor/grip';
import type { PointerInput } from '@/editor/input';
import { currentKeymap } from '@/editor/keys/keysOf';
import { belongsToElement, isBrowserCopy } from '@/editor/keymap';
import { containsPoint, outlineArea } from '@/editor/outline';
import type { Insets } from '@/editor/view';
import { t } from '@/i18n/i18n';
import { Button } from '@/ui/Button';
import { imageSource } from './imageSource';
import { installTestHandle, wantsTestHandle } from './testHandle';
import { runCommand, useWorkspace, type Workspace } from './workspace';

/** Keep in step with the breakpoints of editor2d.css. */
const kNarrow = 1000;
const kPanelWidth = 300;

const kSheetShare = 0.38;
/** Keep in step with features/review2d. */
const kPhone = 768;
const kPhoneSheetShare = 0.36;

function insetsFor(width: number, height: number): Insets {
  if (width < kPhone) {
    return { top: 66, right: 8, bottom: Math.max(200, height * kPhoneSheetShare) + 14, left: 8 };
  }
  if (width < kNarrow) {
    return { top: 64, right: 12, bottom: Math.round(height * kSheetShare) + 56, left: 88 };
  }
  return { top: 64, right: kPanelWidth + 20, bottom: 48, left: 88 };
}

/** The smallest suggestion under a click that hits no object. */
function ghostUnder(editor: Editor, { point, button }: PointerInput): string | null {
  if (editor.tool.get() !== 'select' || button !== 0) return null;
  if (editor.pick(...point).length > 0) return null;
  const hits = editor.ghosts.get().filter((ghost) => containsPoint(ghost.outline, ...point));
  hits.sort((a, b) => outlineArea(a.outline) - outlineArea(b.outline));
  return hits[0]?.id ?? null;
}

export interface CanvasStageProps {
  /** The image can be moved and zoomed and commented on, nothing can be drawn or changed. */
  panOnly?: boolean;
}

export function CanvasStage({ panOnly = false }: CanvasStageProps) {
  const workspace = useWorkspace();
  const { editor, toolbox, asset } = workspace;
  const host = useRef<HTMLDivElement>(null);
  const image = useRef<HTMLCanvasElement>(null);
  const shapes = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const stageRef = useRef<Stage | null>(null);
  const [imageState, setImageState] = useState<ImageState>('loading');
  const helpId = useId();
  const latest = useRef(workspace);
  latest.current = workspace;

  useEffect(() => {
    const comments = () => editor.tool.get() === 'comment';
    const stage = new Stage({
      editor,
      host: host.current!,
      canvases: [image.current!, shapes.current!, overlay.current!],
      insets: insetsFor,
      onInput: (input) => {
        if (panOnly && !comments()) return;
        if (input.type === 'down') editor.focusedGhost.set(ghostUnder(editor, input));
        toolbox.dispatch(input);
      },
      onImageState: setImageState,
      panOnly,
    });
    stageRef.current = stage;
    void stage.image.load(imageSource(asset));
    const hold = () => stage.pointer.holdSpace(panOnly && !comments());
    hold();
    const stopHolding = panOnly ? editor.tool.subscribe(hold) : () => {};
    if (panOnly) window.addEventListener('focus', hold);
    const removeHandle = wantsTestHandle(window.location)
      ? installTestHandle(latest.current, stage)
      : () => {};
    return () => {
      window.removeEventListener('focus', hold);
      stopHolding();
      removeHandle();
      stageRef.current = null;
      stage.dispose();
    };
  }, [editor, toolbox, asset, panOnly]);

  useKeyboard(workspace, stageRef);

  return (
    <div ref={host} className="stage" data-image-state={imageState}>
      <canvas ref={image} className="stage-image" aria-hidden="true" />
      <canvas ref={shapes} aria-hidden="true" />
      <canvas
        ref={overlay}
        className="stage-top"
        data-testid="canvas"
        data-editor-canvas=""
        role="application"
        aria-label={t('editor.canvas.name', { name: asset.filename })}
        aria-describedby={helpId}
        tabIndex={0}
        // The ring is for those who came by Tab; using keys after a click must not raise it.
        onFocus={({ currentTarget }) => {
          if (currentTarget.matches(':focus-visible')) currentTarget.dataset.tabbed = '';
        }}
        onBlur={({ currentTarget }) => delete currentTarget.dataset.tabbed}
      />
      <p id={helpId} className="visually-hidden">
        {t('editor.canvas.help')}
      </p>
      {imageState === 'failed' ? (
        <div className="stage-failed" role="alert">
          <ImageOff aria-hidden="true" />
          <span>{t('editor.canvas.failed')}</span>
          <Button
            size="s"
            icon={<RotateCw />}
            onClick={() => {
              void stageRef.current?.image.load(imageSource(asset));
            }}
          >
            {t('common.tryAgain')}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function useKeyboard(workspace: Workspace, stage: { readonly current: Stage | null }): void {
  useEffect(() => {
    const { editor, commands } = workspace;
    const abort = new AbortController();
    const keydown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || belongsToElement(event)) return;
      if (event.key === ' ') {
        event.preventDefault();
        stage.current?.pointer.holdSpace(true);
        return;
      }
      const focused = editor.focusedGhost.get() !== null;
      const keymap = currentKeymap();
      const command =
        (focused ? keymap.find(event, 'suggestion') : null) ??
        (heldGrip(editor) ? keymap.find(event, 'grip') : null) ??
        (editor.vertex.get() ? keymap.find(event, 'vertex') : null) ??
        keymap.find(event, 'editor');
      if (!command || isBrowserCopy(event, command)) return;
      if (runCommand(command, commands)) event.preventDefault();
    };
    const keyup = (event: KeyboardEvent) => {
      if (event.key === ' ') stage.current?.pointer.holdSpace(false);
      if (event.key === 'Control' || event.key === 'Meta') {
        workspace.toolbox.dispatch({ type: 'release' });
      }
    };
    window.addEventListener('keydown', keydown, { signal: abort.signal });
    window.addEventListener('keyup', keyup, { signal: abort.signal });
    return () => abort.abort();
  }, [workspace, stage]);
}
