import { useState } from 'react';
import { t } from '@/i18n/i18n';
import type { SkeletonTemplate } from '@/net/api';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Notice } from '@/ui/Notice';
import { Select } from '@/ui/Select';
import { skeletonTemplate, skeletonTemplates } from '../skeletonTemplates';
import { CategoryImport } from './CategoryImport';
import { DesignerCanvas } from './DesignerCanvas';
import { PointList } from './PointList';
import {
  type SkeletonDraft,
  faultOf,
  kEmptySkeleton,
  skeletonDraftOf,
  templateOf,
} from './skeletonDraft';

export interface SkeletonDesignerProps {
  name: string;
  color: string;
  /** The label is in use: what is taken away here stays in what was drawn. */
  saved: boolean;
  template?: SkeletonTemplate;
  onClose: () => void;
  onTemplate: (template: SkeletonTemplate) => void;
}

/** Points and bones of a skeleton, drawn by mouse or by keys. */
export default function SkeletonDesigner(props: SkeletonDesignerProps) {
  const [draft, setDraft] = useState(() => skeletonDraftOf(props.template));
  const [chosen, setChosen] = useState<number | null>(null);
  const fault = faultOf(draft);
  const replace = (next: SkeletonDraft) => {
    setDraft(next);
    setChosen(null);
  };
  const lost = props.saved && props.template ? missing(props.template, draft) : [];
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title={t('labels.designer.title', { name: props.name })}
      description={t('labels.designer.description')}
      testId="skeleton-designer"
      width={860}
      footer={
        <>
          <Button variant="ghost" onClick={props.onClose}>
            {t('labels.cancel')}
          </Button>
          <Button
            variant="primary"
            disabled={fault !== null}
            data-testid="skeleton-done"
            onClick={() => {
              props.onTemplate(templateOf(draft));
              props.onClose();
            }}
          >
            {t('labels.designer.done')}
          </Button>
        </>
      }
    >
      <div className="designer">
        <div className="designer-left">
          <DesignerCanvas
            draft={draft}
            color={props.color}
            chosen={chosen}
            onChange={setDraft}
            onChoose={setChosen}
          />
          <p className="field-hint">{t('labels.designer.keys')}</p>
        </div>
        <div className="designer-right">
          <div className="designer-start">
            <Select
              small
              aria-label={t('labels.designer.template')}
              data-testid="skeleton-template"
              value=""
              options={[
                { value: '', label: t('labels.designer.template') },
                ...skeletonTemplates.map(({ id, title }) => ({ value: id, label: t(title) })),
              ]}
              onChange={({ target }) => {
                if (target.value) replace(skeletonDraftOf(skeletonTemplate(target.value)));
              }}
            />
            <Button size="s" variant="ghost" onClick={() => replace(kEmptySkeleton)}>
              {t('labels.designer.clear')}
            </Button>
          </div>
          <PointList draft={draft} chosen={chosen} onChange={setDraft} onChoose={setChosen} />
          <CategoryImport onTemplate={(template) => replace(skeletonDraftOf(template))} />
        </div>
      </div>
      {fault && fault !== 'empty' ? (
        <Notice tone="err" title={t(`labels.designer.faults.${fault}`)} />
      ) : null}
      {lost.length > 0 ? (
        <Notice tone="warn" title={t('labels.designer.lost', { names: lost.join(', ') })}>
          {t('labels.designer.lostText')}
        </Notice>
      ) : null}
    </Dialog>
  );
}

function missing(before: SkeletonTemplate, draft: SkeletonDraft): string[] {
  const names = new Set(draft.points.map((point) => point.name.trim()));
  return before.points.filter((name) => !names.has(name));
}
