import { FlipHorizontal2, Replace } from 'lucide-react';
import { setShape } from '@/editor/grip';
import {
  mirror,
  moveJoint,
  showJoint,
  swapSides,
  type Visibility,
} from '@/editor/skeletons/joints';
import type { Entry } from '@/editor/store';
import { t } from '@/i18n/i18n';
import type { SkeletonShape } from '@/kernel/records';
import { Button } from '@/ui/Button';
import { Select } from '@/ui/Select';
import { useEditor } from './workspace';

const kVisibilities: readonly Visibility[] = [2, 1, 0];

interface JointListProps {
  entry: Entry;
  shape: SkeletonShape;
}

/** Every joint with its place and whether it is seen: also the ones without a place. */
export function JointList({ entry, shape }: JointListProps) {
  const editor = useEditor();
  const label = editor.labelOf(entry.annotation);
  const known = new Set(label.skeleton?.points ?? shape.points.map((joint) => joint.name));
  const disabled = !editor.mayChange(entry.annotation.id);
  const set = (next: SkeletonShape, title: string) => setShape(editor, entry, next, title);
  const place = (name: string, axis: 0 | 1, text: string) => {
    const joint = shape.points.find((one) => one.name === name);
    const value = Number(text);
    if (!joint || text.trim() === '' || !Number.isFinite(value)) return;
    const to: [number, number] = axis === 0 ? [value, joint.y] : [joint.x, value];
    if (to[0] === joint.x && to[1] === joint.y) return;
    set(moveJoint(shape, name, to), t('structure.steps.reshape'));
  };
  const seen = shape.points.filter((joint) => joint.visibility > 0).length;
  return (
    <details className="joints" data-testid="joints">
      <summary>{t('structure.joints.title', { seen, count: shape.points.length })}</summary>
      <div className="joints-actions">
        <Button
          size="s"
          icon={<FlipHorizontal2 />}
          disabled={disabled}
          onClick={() => set(mirror(shape), t('structure.steps.mirror'))}
        >
          {t('structure.joints.mirror')}
        </Button>
        <Button
          size="s"
          icon={<Replace />}
          disabled={disabled}
          onClick={() => set(swapSides(shape), t('structure.steps.swap'))}
        >
          {t('structure.joints.swap')}
        </Button>
      </div>
      <ul>
        {shape.points.map(({ name, x, y, visibility }) => (
          <li key={name}>
            <span className="truncate" title={name}>
              {known.has(name) ? name : t('structure.joints.gone', { name })}
            </span>
            {([x, y] as const).map((value, axis) => (
              <input
                key={`${axis}/${value}`}
                className="input input-s num"
                type="number"
                step="any"
                disabled={disabled}
                aria-label={t(axis === 0 ? 'structure.joints.x' : 'structure.joints.y', { name })}
                defaultValue={Math.round(value * 10) / 10}
                onBlur={({ currentTarget }) =>
                  currentTarget.value !== currentTarget.defaultValue &&
                  place(name, axis as 0 | 1, currentTarget.value)
                }
                onKeyDown={(event) => {
                  if (event.key === 'Enter') event.currentTarget.blur();
                }}
              />
            ))}
            <Select
              small
              disabled={disabled}
              aria-label={t('structure.joints.visibility', { name })}
              value={String(visibility)}
              options={kVisibilities.map((one) => ({
                value: String(one),
                label: t(`structure.visibility.${one}`),
              }))}
              onChange={({ currentTarget }) => {
                const next = Number(currentTarget.value) as Visibility;
                set(showJoint(shape, name, next, label.skeleton), t('structure.steps.visibility'));
              }}
            />
          </li>
        ))}
      </ul>
    </details>
  );
}
