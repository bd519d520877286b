import { Circle, Pentagon, Plus, Square } from 'lucide-react';
import { useEffect, type ReactNode } from 'react';
import type { ToolId } from '@/editor/editor';
import {
  kSizeMax,
  maskSetting,
  setMaskSetting,
  stepSize,
  type PaintForm,
} from '@/editor/masks/maskSettings';
import { finishMask, selectedMask } from '@/editor/masks/painting';
import { t } from '@/i18n/i18n';
import { Button } from '@/ui/Button';
import { Range } from '@/ui/Range';
import { Segmented } from '@/ui/Segmented';
import { Tooltip } from '@/ui/Tooltip';
import { useMaskSetting } from './useMaskSetting';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';
import './maskOptions.css';

const kSizedTools: readonly ToolId[] = ['brush', 'eraser'];
/** The slider's steps are finer where sizes are small. */
const kSliderSteps = 100;

function sizeAt(step: number): number {
  return Math.max(1, Math.round(kSizeMax ** (step / kSliderSteps)));
}

function stepOf(size: number): number {
  return Math.round((Math.log(Math.max(1, size)) / Math.log(kSizeMax)) * kSliderSteps);
}

/** What the mask tool in hand can be told. */
export function MaskOptions() {
  const editor = useEditor();
  const tool = useSignal(editor.tool);
  useSizeByWheel(kSizedTools.includes(tool));
  if (!kSizedTools.includes(tool)) return null;
  return (
    <div className="mask-options" role="group" aria-label={t('masks.options.title')}>
      <SizeOption />
      <FormOption />
      <PressureOption />
      <Target />
    </div>
  );
}

function SizeOption() {
  const [size, setSize] = useMaskSetting('size');
  return (
    <label className="mask-option">
      <span>{t('masks.options.size')}</span>
      <Range
        min={0}
        max={kSliderSteps}
        value={stepOf(size)}
        aria-valuetext={t('masks.options.sizeValue', { size })}
        data-testid="brush-size"
        onChange={(event) => setSize(sizeAt(Number(event.target.value)))}
      />
      <span className="mask-value num">{t('masks.options.sizeValue', { size })}</span>
    </label>
  );
}

const kFormIcons: Record<PaintForm, ReactNode> = {
  round: <Circle aria-hidden="true" />,
  square: <Square aria-hidden="true" />,
  polygon: <Pentagon aria-hidden="true" />,
};

function FormOption() {
  const [form, setForm] = useMaskSetting('form');
  const option = (value: PaintForm) => ({
    value,
    label: (
      <>
        {kFormIcons[value]}
        <span className="visually-hidden">{t(`masks.options.${value}`)}</span>
      </>
    ),
  });
  return (
    <Segmented
      label={t('masks.options.form')}
      value={form}
      options={[option('round'), option('square'), option('polygon')]}
      onChange={setForm}
    />
  );
}

function PressureOption() {
  const [pressure, setPressure] = useMaskSetting('pressure');
  return (
    <label className="mask-option">
      <input
        type="checkbox"
        checked={pressure}
        onChange={(event) => setPressure(event.target.checked)}
      />
      <span>{t('masks.options.pressure')}</span>
    </label>
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
      <Tooltip label={t('masks.options.finish')} keys="Enter">
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
function useSizeByWheel(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const turn = (event: WheelEvent) => {
      const overCanvas = event.target instanceof Element && event.target.matches('.stage-top');
      if (!event.altKey || !overCanvas || event.deltaY === 0) return;
      event.preventDefault();
      event.stopPropagation();
      setMaskSetting('size', stepSize(maskSetting('size'), event.deltaY < 0 ? 1 : -1));
    };
    const options = { capture: true, passive: false };
    window.addEventListener('wheel', turn, options);
    return () => window.removeEventListener('wheel', turn, options);
  }, [active]);
}
