import type { ReactNode } from 'react';
import type { ToolId } from '@/editor/editor';
import { t, type MessageKey } from '@/i18n/i18n';
import { GhostHint } from './ai/GhostHint';
import { SegmentHint } from './ai/SegmentHint';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';

const kHints: Partial<Record<ToolId, ReactNode>> = {
  box: (
    <>
      Drag, or click two corners. <kbd>Shift</kbd> square, <kbd>Alt</kbd> from the centre
    </>
  ),
  polygon: (
    <>
      Click to add vertices. <kbd>Enter</kbd> closes, <kbd>Backspace</kbd> takes one back
    </>
  ),
  comment: (
    <>
      Click the spot to comment on. <kbd>Esc</kbd> leaves
    </>
  ),
};

const kTexts: Partial<Record<ToolId, MessageKey>> = {
  skeleton: 'structure.skeleton.use',
  cuboid: 'structure.cuboid.use',
};

/** One line at the foot of the canvas that says what the tool in hand does. */
export function ToolHint() {
  const editor = useEditor();
  const tool = useSignal(editor.tool);
  if (tool === 'select') return <GhostHint />;
  if (tool !== 'segment' && !kHints[tool] && !kTexts[tool]) return null;
  return (
    <div className="hint" data-ai={tool === 'segment' ? '' : undefined}>
      {tool === 'segment' ? <SegmentHint /> : <span>{kTexts[tool] ? t(kTexts[tool]) : kHints[tool]}</span>}
    </div>
  );
}
