import { t } from '@/i18n/i18n';
import { Select } from '@/ui/Select';
import { modelName } from '../../models/modelText';
import type { DetectorChoice as Choice } from './useDetection';

/** Which detector is asked; nothing where there is nothing to choose. */
export function DetectorChoice({ choice }: { choice: Choice }) {
  const { detectors, detector } = choice;
  if (!detectors || detectors.length < 2) return null;
  return (
    <Select
      small
      aria-label={t('ai.detector')}
      data-testid="detector-choice"
      value={detector?.id}
      options={detectors.map((model) => ({ value: model.id, label: modelName(model) }))}
      onChange={(event) => choice.choose(event.target.value)}
    />
  );
}
