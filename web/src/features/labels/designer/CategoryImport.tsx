import { useId, useState } from 'react';
import { t } from '@/i18n/i18n';
import type { SkeletonTemplate } from '@/net/api';
import { Button } from '@/ui/Button';
import { TextArea } from '@/ui/Input';
import { importLabels } from '../importLabels/importLabels';

/** Points and bones out of a COCO file's categories: the first that has some. */
export function CategoryImport({ onTemplate }: { onTemplate: (found: SkeletonTemplate) => void }) {
  const [text, setText] = useState('');
  const [failed, setFailed] = useState(false);
  const id = useId();
  const take = () => {
    const labels = importLabels(text.trim())?.labels ?? [];
    const found = labels.find((label) => label.skeleton)?.skeleton;
    setFailed(!found);
    if (found) onTemplate(found);
  };
  return (
    <details className="designer-import">
      <summary>{t('labels.designer.fromCoco')}</summary>
      <label htmlFor={id} className="field-hint">
        {t('labels.designer.fromCocoHint')}
      </label>
      <TextArea
        id={id}
        rows={4}
        spellCheck={false}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {failed ? (
        <p className="field-error" role="alert">
          {t('labels.designer.noSkeleton')}
        </p>
      ) : null}
      <Button size="s" disabled={text.trim() === ''} onClick={take}>
        {t('labels.designer.take')}
      </Button>
    </details>
  );
}
