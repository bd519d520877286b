import { useId } from 'react';
import type { AttributeDefinition, Label } from '@/editor/labels';
import { t } from '@/i18n/i18n';
import type { Annotation, AttributeValue } from '@/kernel/records';
import { Select } from '@/ui/Select';
import { commonDefinitions, commonValue, kMixed, type CommonValue } from './attributeValues';
import { TypedField } from './TypedField';
import { useEditor } from './workspace';
import './attributes.css';

interface AttributeFieldsProps {
  annotations: readonly Annotation[];
  labels: readonly Label[];
}

/** The attributes that all selected objects have, shown and set together. */
export function AttributeFields({ annotations, labels }: AttributeFieldsProps) {
  const editor = useEditor();
  const changeable = annotations.filter(({ id }) => editor.mayChange(id));
  const set = (name: string, value: AttributeValue) => {
    const operations = changeable.map((annotation) => ({
      op: 'set' as const,
      target: annotation.id,
      field: `attributes.${name}`,
      value,
      prev: annotation.attributes[name] ?? null,
    }));
    if (operations.length > 0) editor.commit(t('structure.steps.attribute', { name }), operations);
  };
  const ids = annotations.map((annotation) => annotation.id).join();
  return commonDefinitions(annotations, labels).map((definition) => (
    <AttributeField
      key={`${ids}/${definition.name}`}
      definition={definition}
      value={commonValue(annotations, definition.name)}
      disabled={changeable.length === 0}
      onChange={(value) => set(definition.name, value)}
    />
  ));
}

interface FieldProps {
  definition: AttributeDefinition;
  value: CommonValue;
  disabled: boolean;
  onChange: (value: AttributeValue) => void;
}

function AttributeField(props: FieldProps) {
  const { definition, value } = props;
  const { kind, options } = definition;
  if (kind === 'radio') return <RadioField {...props} />;
  if (kind === 'checkbox' && options?.length) return <ChoicesField {...props} />;
  if (kind === 'checkbox') return <CheckField {...props} />;
  return (
    <div>
      <label className="details-row">
        <Name definition={definition} value={value} />
        {kind === 'select' ? <SelectField {...props} /> : <TypedField {...props} />}
      </label>
    </div>
  );
}

function isMissing({ required }: AttributeDefinition, value: CommonValue): boolean {
  return required === true && (value === null || value === '');
}

/** The name, with a star where a value is needed; while it is missing that is said, too. */
function Name({ definition, value }: { definition: AttributeDefinition; value: CommonValue }) {
  const missing = isMissing(definition, value);
  return (
    <span className="truncate" title={definition.name}>
      {definition.name}
      {definition.required ? (
        <span className={missing ? 'attribute-missing' : undefined}>
          <span aria-hidden="true"> *</span>
          <span className="visually-hidden">
            {t(missing ? 'structure.attributes.missing' : 'structure.attributes.required')}
          </span>
        </span>
      ) : null}
      {value === kMixed ? (
        <em className="attribute-mixed"> {t('structure.attributes.mixed')}</em>
      ) : null}
    </span>
  );
}

function SelectField({ definition, value, disabled, onChange }: FieldProps) {
  const text = typeof value === 'string' ? value : '';
  const known = definition.options ?? [];
  const empty = value === kMixed ? 'structure.attributes.mixed' : 'structure.attributes.notSet';
  // A choice that the label no longer has is shown until another one is made.
  const kept = text !== '' && !known.includes(text) ? [text] : [];
  return (
    <Select
      small
      disabled={disabled}
      aria-label={definition.name}
      value={text}
      options={[
        { value: '', label: t(empty) },
        ...[...kept, ...known].map((choice) => ({ value: choice, label: choice })),
      ]}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}

function RadioField({ definition, value, disabled, onChange }: FieldProps) {
  const name = useId();
  return (
    <fieldset className="details-row" disabled={disabled}>
      <legend className="attribute-legend">
        <Name definition={definition} value={value} />
      </legend>
      <div className="details-choices">
        {(definition.options ?? []).map((option) => (
          <label key={option} className="checkbox">
            <input
              type="radio"
              name={name}
              checked={value === option}
              onChange={() => onChange(option)}
            />
            {option}
          </label>
        ))}
        {value !== null && !definition.required ? (
          <button type="button" className="attribute-unset" onClick={() => onChange(null)}>
            {t('structure.attributes.unset')}
          </button>
        ) : null}
      </div>
    </fieldset>
  );
}

function ChoicesField({ definition, value, disabled, onChange }: FieldProps) {
  const chosen = Array.isArray(value) ? value : [];
  return (
    <fieldset className="details-row" disabled={disabled}>
      <legend className="attribute-legend">
        <Name definition={definition} value={value} />
      </legend>
      <div className="details-choices">
        {(definition.options ?? []).map((option) => (
          <label key={option} className="checkbox">
            <Tick
              state={value === kMixed ? kMixed : chosen.includes(option)}
              onChange={(on) => {
                const rest = chosen.filter((item) => item !== option);
                onChange(on ? [...rest, option] : rest);
              }}
            />
            {option}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function CheckField({ definition, value, disabled, onChange }: FieldProps) {
  return (
    <label className="checkbox details-row">
      <Name definition={definition} value={value} />
      <Tick
        disabled={disabled}
        state={value === kMixed ? kMixed : value === true}
        onChange={onChange}
      />
    </label>
  );
}

interface TickProps {
  state: boolean | typeof kMixed;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}

function Tick({ state, disabled, onChange }: TickProps) {
  return (
    <input
      type="checkbox"
      disabled={disabled}
      checked={state === true}
      ref={(input) => {
        if (input) input.indeterminate = state === kMixed;
      }}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
