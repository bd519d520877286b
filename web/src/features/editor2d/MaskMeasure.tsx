import { kMeasures } from '@/editor/masks/maskSettings';
import { t, type MessageKey } from '@/i18n/i18n';
import { Range } from '@/ui/Range';
import { useMaskSetting } from './useMaskSetting';

export interface MeasureProps {
  tool: 'brush' | 'wand' | 'superpixels';
  label: MessageKey;
  /** In pixels. */
  unit?: boolean;
}

/** The slider's steps are finer where values are small. */
const kSteps = 100;

/** A size or tolerance of a mask tool. */
export function Measure({ tool, label, unit = false }: MeasureProps) {
  const { name, min, max } = kMeasures[tool]!;
  const [value, setValue] = useMaskSetting(name);
  const share = Math.log(value - min + 1) / Math.log(max - min + 1);
  const text = unit ? t('masks.options.sizeValue', { size: value }) : String(value);
  const valueAt = (step: number) => min - 1 + Math.round((max - min + 1) ** (step / kSteps));
  return (
    <label className="mask-option">
      <span>{t(label)}</span>
      <Range
        min={0}
        max={kSteps}
        value={Math.round(share * kSteps)}
        aria-valuetext={text}
        data-testid={`mask-${name}`}
        onChange={(event) => setValue(valueAt(Number(event.target.value)))}
      />
      <span className="mask-value num">{text}</span>
    </label>
  );
}
