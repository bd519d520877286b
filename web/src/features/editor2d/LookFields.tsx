/** How things are shown, as the view panel and the settings let it be chosen. */
import { chipTexts, colorings, type ChipText, type Coloring, type Look } from '@/editor/look';
import { t } from '@/i18n/i18n';
import { Check, Choice, Slider } from './ViewFields';

export interface LookFieldsProps {
  look: Look;
  change: (patch: Partial<Look>) => void;
}

export function ObjectFields({ look, change }: LookFieldsProps) {
  return (
    <>
      <Choice
        label={t('canvas.view.colorBy')}
        value={look.colorBy}
        options={colorings.map((id) => ({ value: id, label: t(`canvas.view.colorings.${id}`) }))}
        onChange={(value) => change({ colorBy: value as Coloring })}
      />
      <Choice
        label={t('canvas.view.chips')}
        value={look.chips}
        options={chipTexts.map((id) => ({ value: id, label: t(`canvas.view.chipTexts.${id}`) }))}
        onChange={(value) => change({ chips: value as ChipText })}
      />
      <Slider
        label={t('canvas.view.fill')}
        {...{ min: 0, max: 1 }}
        value={look.fill}
        onChange={(fill) => change({ fill })}
      />
      <Check
        label={t('canvas.commands.outlineOnly')}
        value={look.outlineOnly}
        onChange={(outlineOnly) => change({ outlineOnly })}
      />
    </>
  );
}

const kAids = ['crosshair', 'loupe', 'grid', 'minimap', 'rulers'] as const;

export function AidFields({ look, change }: LookFieldsProps) {
  return kAids.map((name) => (
    <Check
      key={name}
      label={t(`canvas.commands.${name}`)}
      value={look[name]}
      onChange={(on) => change({ [name]: on })}
    />
  ));
}

/** What becomes of the picture from image to image. */
export function PictureFields({ look, change }: LookFieldsProps) {
  return (
    <>
      <Check
        label={t('canvas.view.keepTone')}
        value={look.keepTone}
        onChange={(keepTone) => change({ keepTone })}
      />
      <Check
        label={t('canvas.view.smooth')}
        value={look.smooth}
        onChange={(smooth) => change({ smooth })}
      />
    </>
  );
}
