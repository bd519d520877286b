import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { t } from '@/i18n/i18n';
import { Button, IconButton } from '@/ui/Button';
import { Input } from '@/ui/Input';
import { Select } from '@/ui/Select';
import type { DesignerProps } from './DesignerCanvas';
import { addPoint, changePoint, movePoint, removePoint, toggleBone } from './skeletonDraft';

/** The points in the order in which they are placed, with their names and bones. */
export function PointList({ draft, chosen, onChange, onChoose }: DesignerProps) {
  const { points } = draft;
  const shift = (from: number, to: number) => {
    onChange(movePoint(draft, from, to));
    onChoose(to);
  };
  return (
    <>
      <ol className="designer-points">
        {points.map((point, index) => (
          <li key={index} data-chosen={chosen === index || undefined}>
            <span className="num">{index + 1}</span>
            <Input
              small
              aria-label={t('labels.designer.nameOf', { number: index + 1 })}
              value={point.name}
              maxLength={100}
              onFocus={() => onChoose(index)}
              onChange={({ target }) => onChange(changePoint(draft, index, { name: target.value }))}
            />
            <IconButton
              size="s"
              label={t('labels.moveUp', { name: point.name })}
              icon={<ArrowUp />}
              disabled={index === 0}
              onClick={() => shift(index, index - 1)}
            />
            <IconButton
              size="s"
              label={t('labels.moveDown', { name: point.name })}
              icon={<ArrowDown />}
              disabled={index === points.length - 1}
              onClick={() => shift(index, index + 1)}
            />
            <IconButton
              size="s"
              label={t('labels.remove', { name: point.name })}
              icon={<Trash2 />}
              onClick={() => {
                onChange(removePoint(draft, index));
                onChoose(null);
              }}
            />
          </li>
        ))}
      </ol>
      <div className="designer-start">
        <Button
          size="s"
          icon={<Plus />}
          onClick={() => {
            onChange(addPoint(draft, 0.5, 0.5));
            onChoose(points.length);
          }}
        >
          {t('labels.designer.add')}
        </Button>
        {chosen !== null && points[chosen] && points.length > 1 ? (
          <Select
            small
            aria-label={t('labels.designer.join', { name: points[chosen].name })}
            value=""
            options={[
              { value: '', label: t('labels.designer.join', { name: points[chosen].name }) },
              ...points.flatMap(({ name }, index) =>
                index === chosen ? [] : [{ value: String(index), label: name }],
              ),
            ]}
            onChange={({ target }) => onChange(toggleBone(draft, chosen, Number(target.value)))}
          />
        ) : null}
      </div>
    </>
  );
}
