/** What mask tools can be told, above the canvas and in the settings. */
import { Circle, Pentagon, Square } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PaintForm } from '@/editor/masks/maskSettings';
import { t } from '@/i18n/i18n';
import { Range } from '@/ui/Range';
import { Segmented } from '@/ui/Segmented';
import { Measure } from './MaskMeasure';
import { useMaskSetting } from './useMaskSetting';
import './maskOptions.css';

const kFormIcons: Record<PaintForm, ReactNode> = {
  round: <Circle aria-hidden="true" />,
  square: <Square aria-hidden="true" />,
  polygon: <Pentagon aria-hidden="true" />,
};

export function PaintFields() {
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
    <>
      <Measure tool="brush" label="masks.options.size" unit />
      <Segmented
        label={t('masks.options.form')}
        value={form}
        options={[option('round'), option('square'), option('polygon')]}
        onChange={setForm}
      />
      <Choice name="pressure" />
    </>
  );
}

export function WandFields() {
  return (
    <>
      <Measure tool="wand" label="masks.options.tolerance" />
      <Choice name="contiguous" />
    </>
  );
}

function Choice({ name }: { name: 'pressure' | 'contiguous' }) {
  const [chosen, choose] = useMaskSetting(name);
  return (
    <label className="checkbox mask-option">
      <input type="checkbox" checked={chosen} onChange={(event) => choose(event.target.checked)} />
      <span>{t(`masks.options.${name}`)}</span>
    </label>
  );
}

/** How far apart superpixels are. */
export function CellField() {
  return <Measure tool="superpixels" label="masks.options.cell" unit />;
}

const kMostTolerance = 20;

/** How far an outline made of something else may leave it. */
export function OutlineField() {
  const [tolerance, setTolerance] = useMaskSetting('outline');
  return (
    <label className="mask-option">
      <span>{t('masks.options.tolerance')}</span>
      <Range
        min={0}
        max={kMostTolerance}
        step={0.25}
        value={tolerance}
        aria-valuetext={t('masks.options.sizeValue', { size: tolerance })}
        data-testid="convert-tolerance"
        onChange={(event) => setTolerance(Number(event.target.value))}
      />
      <span className="mask-value num">{t('masks.options.sizeValue', { size: tolerance })}</span>
    </label>
  );
}
