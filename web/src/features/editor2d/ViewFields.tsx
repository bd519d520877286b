import { useId } from 'react';
import { Range } from '@/ui/Range';
import { Select, type SelectOption } from '@/ui/Select';
import './view.css';

interface SliderProps {
  label: string;
  min: number;
  max: number;
  value: number;
  onChange: (value: number) => void;
}

/** A share, in percent. */
export function Slider({ label, min, max, value, onChange }: SliderProps) {
  const id = useId();
  return (
    <div className="view-slider">
      <label htmlFor={id}>{label}</label>
      <Range
        id={id}
        step={0.05}
        {...{ min, max, value }}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <output className="num" htmlFor={id}>
        {Math.round(value * 100)} %
      </output>
    </div>
  );
}

interface CheckProps {
  label: string;
  value: boolean;
  onChange: (value: boolean) => void;
}

export function Check({ label, value, onChange }: CheckProps) {
  return (
    <label className="checkbox view-check">
      <input type="checkbox" checked={value} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly SelectOption[];
  onChange: (value: string) => void;
}

export function Choice({ label, value, options, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div className="view-choice">
      <label htmlFor={id}>{label}</label>
      <Select
        id={id}
        small
        value={value}
        options={options}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
