import { useId, useState, type ReactNode } from 'react';
import { sources, type Criteria } from '@/editor/objects/filter';
import { t } from '@/i18n/i18n';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Input';
import { Select } from '@/ui/Select';
import { useSignal } from '../useSignal';
import { useEditor } from '../workspace';
import { shapeName, shapeTypes } from './shapeName';

export default function FilterFields() {
  const editor = useEditor();
  const criteria = useSignal(editor.filter.criteria);
  const labels = useSignal(editor.labels);
  const patch = (part: Partial<Criteria>) => editor.filter.patch(part);
  return (
    <>
      <Part title={t('objects.filter.labels')}>
        <div className="filter-labels">
          {labels.map(({ id, name, color }) => (
            <Checkbox
              key={id}
              checked={criteria.labels.includes(id)}
              onChange={() => patch({ labels: toggled(criteria.labels, id) })}
              label={
                <>
                  <span className="swatch" style={{ background: color }} /> {name}
                </>
              }
            />
          ))}
        </div>
      </Part>
      <Part title={t('objects.filter.score')}>
        <ScoreFields criteria={criteria} onChange={patch} />
      </Part>
      <Part title={t('objects.filter.source')}>
        {sources.map((source) => (
          <Checkbox
            key={source}
            checked={criteria.sources.includes(source)}
            onChange={() => patch({ sources: toggled(criteria.sources, source) })}
            label={t(`objects.sources.${source}`)}
          />
        ))}
      </Part>
      <Part title={t('objects.filter.shape')}>
        {shapeTypes.map((shape) => (
          <Checkbox
            key={shape}
            checked={criteria.shapes.includes(shape)}
            onChange={() => patch({ shapes: toggled(criteria.shapes, shape) })}
            label={shapeName(shape)}
          />
        ))}
      </Part>
      <AttributeFields criteria={criteria} onChange={patch} />
      <Checkbox
        checked={criteria.warned}
        onChange={() => patch({ warned: !criteria.warned })}
        label={t('objects.filter.warned')}
      />
      <Button size="s" disabled={!editor.filter.active} onClick={() => editor.filter.clear()}>
        {t('objects.filter.clear')}
      </Button>
    </>
  );
}

function toggled<T>(list: readonly T[], item: T): T[] {
  return list.includes(item) ? list.filter((one) => one !== item) : [...list, item];
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <div className="filter-part" role="group" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <div>{children}</div>
    </div>
  );
}

interface FieldsProps {
  criteria: Criteria;
  onChange: (part: Partial<Criteria>) => void;
}

function ScoreFields({ criteria, onChange }: FieldsProps) {
  const field = (title: string, value: number, set: (share: number) => void) => (
    <label className="filter-score">
      <span>{title}</span>
      <input
        className="input input-s num"
        type="number"
        min={0}
        max={100}
        step={5}
        value={Math.round(value * 100)}
        onChange={(event) => {
          const share = event.currentTarget.valueAsNumber / 100;
          if (Number.isFinite(share)) set(Math.min(1, Math.max(0, share)));
        }}
      />
    </label>
  );
  return (
    <>
      {field(t('objects.filter.from'), criteria.minScore, (minScore) => onChange({ minScore }))}
      {field(t('objects.filter.to'), criteria.maxScore, (maxScore) => onChange({ maxScore }))}
    </>
  );
}

function AttributeFields({ criteria, onChange }: FieldsProps) {
  const editor = useEditor();
  const labels = useSignal(editor.labels);
  const known = labels.flatMap((label) => label.attributes ?? []);
  const names = [...new Set(known.map(({ name }) => name))];
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  if (names.length === 0) return null;
  const options = known.filter((one) => one.name === name).flatMap((one) => one.options ?? []);
  const add = () => {
    const wanted = { name, value: value.trim() === '' ? null : value.trim() };
    onChange({ attributes: [...criteria.attributes, wanted] });
    setName('');
    setValue('');
  };
  return (
    <Part title={t('objects.filter.attribute')}>
      <Select
        small
        aria-label={t('objects.filter.attribute')}
        value={name}
        options={[
          { value: '', label: t('objects.filter.chooseAttribute') },
          ...names.map((one) => ({ value: one, label: one })),
        ]}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <input
        className="input input-s"
        aria-label={t('objects.filter.value')}
        placeholder={t('objects.filter.anyValue')}
        list="filter-values"
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && name !== '' && add()}
      />
      <datalist id="filter-values">
        {[...new Set(options)].map((option) => (
          <option key={option} value={option} />
        ))}
      </datalist>
      <Button size="s" disabled={name === ''} onClick={add}>
        {t('objects.filter.add')}
      </Button>
    </Part>
  );
}
