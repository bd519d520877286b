import { Trash2 } from 'lucide-react';
import { useId } from 'react';
import { type MessageKey, t } from '@/i18n/i18n';
import { type AttributeKind, attributeKinds } from '@/net/api';
import { IconButton } from '@/ui/Button';
import { Checkbox, Input } from '@/ui/Input';
import { Select } from '@/ui/Select';
import { type AttributeDraft, changeKind, splitChoices, takesChoices } from './labelDrafts';

interface AttributeRowProps {
  attribute: AttributeDraft;
  error?: MessageKey;
  onChange: (attribute: AttributeDraft) => void;
  onRemove: () => void;
}

export function AttributeRow({ attribute, error, onChange, onRemove }: AttributeRowProps) {
  const errorId = useId();
  const name = attribute.name.trim() || t('labels.attributes.new');
  return (
    <div>
      <div className="attribute-line">
        <Input
          small
          aria-label={t('labels.attributes.name')}
          placeholder={t('labels.attributes.placeholder')}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? errorId : undefined}
          value={attribute.name}
          maxLength={100}
          autoFocus={attribute.name === ''}
          onChange={(event) => onChange({ ...attribute, name: event.target.value })}
        />
        <Select
          small
          aria-label={t('labels.attributes.kindOf', { name })}
          value={attribute.kind}
          onChange={(event) => onChange(changeKind(attribute, event.target.value as AttributeKind))}
          options={attributeKinds.map((kind) => ({
            value: kind,
            label: t(`labels.attributes.kinds.${kind}`),
          }))}
        />
        {takesChoices(attribute.kind) ? (
          <Input
            small
            aria-label={t('labels.attributes.choicesOf', { name })}
            placeholder={t(
              attribute.kind === 'checkbox'
                ? 'labels.attributes.several'
                : 'labels.attributes.choices',
            )}
            value={attribute.choices}
            onChange={(event) => onChange({ ...attribute, choices: event.target.value })}
          />
        ) : (
          <RangeFields attribute={attribute} name={name} onChange={onChange} />
        )}
        <IconButton
          size="s"
          label={t('labels.remove', { name })}
          icon={<Trash2 />}
          onClick={onRemove}
        />
      </div>
      <div className="attribute-more">
        <Checkbox
          label={t('labels.attributes.required')}
          aria-label={t('labels.attributes.requiredOf', { name })}
          checked={attribute.required ?? false}
          onChange={(event) => onChange(withFlag(attribute, 'required', event.target.checked))}
        />
        <Checkbox
          label={t('labels.attributes.perFrame')}
          aria-label={t('labels.attributes.perFrameOf', { name })}
          checked={attribute.per_frame ?? false}
          onChange={(event) => onChange(withFlag(attribute, 'per_frame', event.target.checked))}
        />
        <label className="attribute-default">
          <span>{t('labels.attributes.default')}</span>
          <DefaultField attribute={attribute} name={name} onChange={onChange} />
        </label>
      </div>
      {error ? (
        <div className="field-error" id={errorId} role="alert">
          {t(error)}
        </div>
      ) : null}
    </div>
  );
}

function withFlag(
  attribute: AttributeDraft,
  flag: 'required' | 'per_frame',
  on: boolean,
): AttributeDraft {
  const { [flag]: _before, ...rest } = attribute;
  return on ? { ...rest, [flag]: true } : rest;
}

interface PartProps {
  attribute: AttributeDraft;
  name: string;
  onChange: (attribute: AttributeDraft) => void;
}

/** A number's least and greatest value; a text has a length. */
function RangeFields({ attribute, name, onChange }: PartProps) {
  const sides = attribute.kind === 'number' ? (['min', 'max'] as const) : (['max'] as const);
  const change = (side: 'min' | 'max', text: string) => {
    const { [side]: _before, ...rest } = attribute;
    const value = Number(text);
    onChange(text.trim() === '' || !Number.isFinite(value) ? rest : { ...rest, [side]: value });
  };
  return (
    <div className="attribute-range">
      {sides.map((side) => {
        const key = attribute.kind === 'number' ? side : 'length';
        return (
          <Input
            key={side}
            small
            type="number"
            className="num"
            step="any"
            aria-label={t(`labels.attributes.${key}Of`, { name })}
            placeholder={t(`labels.attributes.${key}`)}
            value={attribute[side] ?? ''}
            onChange={(event) => change(side, event.target.value)}
          />
        );
      })}
    </div>
  );
}

/** What a new object has before anybody says otherwise. */
function DefaultField({ attribute, name, onChange }: PartProps) {
  const label = t('labels.attributes.defaultOf', { name });
  const choices = takesChoices(attribute.kind) ? splitChoices(attribute.choices) : [];
  const set = (value: AttributeDraft['default_value'] | undefined) => {
    const { default_value: _before, ...rest } = attribute;
    onChange(value === undefined ? rest : { ...rest, default_value: value });
  };
  const value = attribute.default_value;
  if (attribute.kind === 'checkbox' && choices.length === 0) {
    const options = ['true', 'false'] as const;
    return (
      <Select
        small
        aria-label={label}
        value={value === undefined ? '' : String(value)}
        options={[
          { value: '', label: t('labels.attributes.notSet') },
          ...options.map((one) => ({ value: one, label: t(`labels.attributes.${one}`) })),
        ]}
        onChange={({ target }) => set(target.value === '' ? undefined : target.value === 'true')}
      />
    );
  }
  if (takesChoices(attribute.kind)) {
    const several = attribute.kind === 'checkbox';
    const first = Array.isArray(value) ? (value[0] ?? '') : String(value ?? '');
    return (
      <Select
        small
        aria-label={label}
        value={choices.includes(first) ? first : ''}
        options={[
          { value: '', label: t('labels.attributes.notSet') },
          ...choices.map((choice) => ({ value: choice, label: choice })),
        ]}
        onChange={({ target }) =>
          set(target.value === '' ? undefined : several ? [target.value] : target.value)
        }
      />
    );
  }
  const number = attribute.kind === 'number';
  return (
    <Input
      small
      type={number ? 'number' : 'text'}
      step={number ? 'any' : undefined}
      aria-label={label}
      value={typeof value === 'string' || typeof value === 'number' ? value : ''}
      onChange={({ target }) =>
        set(target.value === '' ? undefined : number ? Number(target.value) : target.value)
      }
    />
  );
}
