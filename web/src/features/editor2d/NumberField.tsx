import { useState } from 'react';

export interface NumberFieldProps {
  /** Shown in front of the number. */
  title: string;
  /** Its name where the title does not say enough. */
  label?: string;
  value: number;
  onChange: (value: number) => void;
  onFocus?: () => void;
}

/** Takes effect when left or on Enter, so that half-typed numbers move nothing. */
export function NumberField({ title, label, value, onChange, onFocus }: NumberFieldProps) {
  // Rounded for reading: leaving the field untouched must not round what is stored.
  const steps = Math.abs(value) < 1000 ? 10 : 1;
  const shown = String(Math.round(value * steps) / steps);
  const [text, setText] = useState(shown);
  const leave = () => {
    if (text === shown) return;
    const typed = Number(text);
    setText(shown);
    if (text.trim() !== '' && Number.isFinite(typed)) onChange(typed);
  };
  return (
    <label className="number-field">
      <span aria-hidden={label ? true : undefined}>{title}</span>
      <input
        className="input input-s num"
        type="number"
        step="1"
        aria-label={label}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onFocus={onFocus}
        onBlur={leave}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
    </label>
  );
}
