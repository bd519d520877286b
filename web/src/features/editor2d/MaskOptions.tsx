import { Plus } from 'lucide-react';
import { useEffect, type ReactNode } from 'react';
import type { ToolId } from '@/editor/editor';
import { kMeasures, stepMeasure } from '@/editor/masks/maskSettings';
import { finishMask, selectedMask } from '@/editor/masks/painting';
import { t } from '@/i18n/i18n';
import { Button } from '@/ui/Button';
import { Segmented } from '@/ui/Segmented';
import { Tooltip } from '@/ui/Tooltip';
import { CellField, PaintFields, WandFields } from './MaskFields';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';
import './maskOptions.css';

const kOptions: Partial<Record<ToolId, ReactNode>> = {
  brush: <PaintFields />,
  eraser: <PaintFields />,
  fill: <></>,
  wand: <WandFields />,
  scissors: <ScissorsOptions />,
  superpixels: <CellField />,
};

/** What the mask tool in hand can be told, and which mask it goes on with. */
export function MaskOptions() {
  const editor = useEditor();
  const tool = useSignal(editor.tool);
  useMeasureByWheel(tool);
  const options = kOptions[tool];
  if (!options) return null;
  return (
    <div className="mask-options" role="group" aria-label={t('masks.options.title')}>
      {options}
      <Target />
    </div>
  );
}

function ScissorsOptions() {
  const editor = useEditor();
  const form = useSignal(editor.maskForm);
  useSignal(editor.selection);
  if (selectedMask(editor)) return <></>;
  return (
    <Segmented
      label={t('masks.options.keepAs')}
      value={form}
      options={[
        { value: 'polygon', label: t('masks.options.asPolygon') },
        { value: 'mask', label: t('masks.options.asMask') },
      ]}
      onChange={(value) => editor.maskForm.set(value)}
    />
  );
}

/** Which mask the next stroke goes to. */
function Target() {
  const editor = useEditor();
  useSignal(editor.selection);
  useSignal(editor.store.version);
  const mask = selectedMask(editor);
  if (!mask) return <span className="mask-target">{t('masks.options.begins')}</span>;
  const { name, color } = editor.labelOf(mask.annotation);
  return (
    <>
      <span className="mask-target">
        <i style={{ background: color }} aria-hidden="true" />
        <span className="truncate">{t('masks.options.continues', { label: name })}</span>
      </span>
      <Tooltip label={t('masks.options.finish')} keys={t('commands.keyNames.Enter')}>
        <Button
          size="s"
          variant="ghost"
          icon={<Plus />}
          aria-label={t('masks.options.finish')}
          onClick={() => finishMask(editor)}
        />
      </Tooltip>
    </>
  );
}

/** Alt and the wheel over the canvas: the camera must not hear it. */
function useMeasureByWheel(tool: ToolId): void {
  useEffect(() => {
    const measure = kMeasures[tool];
    if (!measure) return;
    const turn = (event: WheelEvent) => {
      const overCanvas = event.target instanceof Element && event.target.matches('.stage-top');
      if (!event.altKey || !overCanvas || event.deltaY === 0) return;
      event.preventDefault();
      event.stopPropagation();
      stepMeasure(measure, event.deltaY < 0 ? 1 : -1);
    };
    const options = { capture: true, passive: false };
    window.addEventListener('wheel', turn, options);
    return () => window.removeEventListener('wheel', turn, options);
  }, [tool]);
}
