import { ChevronDown } from 'lucide-react';
import type { ReactNode, Ref, SelectHTMLAttributes } from 'react';
import { classes } from './classes';

export interface SelectOption {
  value: string;
  label: string;
  disabled?: boolean;
}

export interface SelectProps extends SelectHTMLAttributes<HTMLSelectElement> {
  options?: readonly SelectOption[];
  small?: boolean;
  children?: ReactNode;
  ref?: Ref<HTMLSelectElement>;
}

/** A native select element: works with touch keyboards and screen readers as they are. */
export function Select({ options, small, className, children, ...rest }: SelectProps) {
  return (
    <span className="select-wrap">
      <select {...rest} className={classes('select', small && 'select-s', className)}>
        {options?.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
        {children}
      </select>
      <ChevronDown aria-hidden="true" />
    </span>
  );
}
