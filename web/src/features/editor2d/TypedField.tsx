import { useId, useState } from 'react';
import type { AttributeDefinition } from '@/editor/labels';
import { t } from '@/i18n/i18n';
import type { AttributeValue } from '@/kernel/records';
import { faultOfText, kMixed, type CommonValue } from './attributeValues';

interface TypedFieldProps {
  definition: AttributeDefinition;
  value: CommonValue;
  disabled: boolean;
  onChange: (value: AttributeValue) => void;
}

/** A number or a text: a change from outside starts it afresh. */
export function TypedField(props: TypedFieldProps) {
  const { value } = props;
  const before = value === null || value === kMixed ? '' : String(value);
  return <OpenField key={before} {...props} before={before} />;
}

/** Takes effect when left or on Enter. */
function OpenField(props: TypedFieldProps & { before: string }) {
  const { definition, value, before, disabled, onChange } = props;
  const { kind, name, min, max, required } = definition;
  const [text, setText] = useState(before);
  const faultId = useId();
  const fault = text === '' || text === before ? null : faultOfText(definition, text);
  const leave = () => {
    if (text === before || fault) return;
    if (text === '') return onChange(null);
    onChange(kind === 'number' ? Number(text) : text);
  };
  return (
    <span className="attribute-typed">
      <input
        className="input input-s"
        type={kind === 'number' ? 'number' : 'text'}
        step={kind === 'number' ? 'any' : undefined}
        aria-label={name}
        aria-required={required}
        aria-invalid={fault ? true : undefined}
        aria-describedby={fault ? faultId : undefined}
        placeholder={value === kMixed ? t('structure.attributes.mixed') : undefined}
        disabled={disabled}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={leave}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
      {fault ? (
        <span className="field-error" id={faultId} role="alert">
          {t(`structure.attributes.faults.${fault}`, { min: min ?? 0, max: max ?? 0 })}
        </span>
      ) : null}
    </span>
  );
}
