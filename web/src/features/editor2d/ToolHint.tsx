import { Check, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ToolId } from '@/editor/editor';
import { t, type MessageKey } from '@/i18n/i18n';
import { Button } from '@/ui/Button';
import { Segmented } from '@/ui/Segmented';
import { useSignal } from './useSignal';
import { useEditor, useWorkspace } from './workspace';

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
  segment: (
    <>
      Click the object, <kbd>Alt</kbd> click what is not part of it, or drag a box
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
  if (!kHints[tool]) return null;
  return (
    <div className="hint" data-ai={tool === 'segment' ? '' : undefined}>
      {tool === 'segment' ? <SegmentHint /> : <span>{kTexts[tool] ? t(kTexts[tool]) : kHints[tool]}</span>}
    </div>
  );
}

function SegmentHint() {
  const { editor, toolbox } = useWorkspace();
  const prompt = useSignal(editor.overlay).prompt;
  const form = useSignal(editor.maskForm);
  return (
    <>
      {prompt ? (
        <span className="hint-score num">
          {prompt.score === null ? 'Looking…' : `Outline, ${Math.round(prompt.score * 100)} % sure`}
        </span>
      ) : (
        <span>{kHints.segment}</span>
      )}
      <Segmented
        label="Keep the outline as"
        value={form}
        options={[
          { value: 'polygon', label: 'Polygon' },
          { value: 'mask', label: 'Mask' },
        ]}
        onChange={(value) => editor.maskForm.set(value)}
      />
      {prompt ? (
        <>
          <Button
            size="s"
            icon={<X />}
            variant="ghost"
            onClick={() => toolbox.dispatch({ type: 'cancel' })}
          >
            Cancel <kbd>Esc</kbd>
          </Button>
          <Button
            size="s"
            icon={<Check />}
            variant="ai"
            data-testid="segment-accept"
            onClick={() => toolbox.dispatch({ type: 'complete' })}
          >
            Accept <kbd>Enter</kbd>
          </Button>
        </>
      ) : null}
    </>
  );
}
