import type { InputHTMLAttributes, ReactNode, Ref, TextareaHTMLAttributes } from 'react';
import { classes } from './classes';

export interface InputProps extends InputHTMLAttributes<HTMLInputElement> {
  small?: boolean;
  icon?: ReactNode;
  action?: ReactNode;
  ref?: Ref<HTMLInputElement>;
}

export function Input({ small, icon, action, className, ...rest }: InputProps) {
  const input = <input {...rest} className={classes('input', small && 'input-s', className)} />;
  if (!icon && !action) return input;
  return (
    <span className="input-wrap">
      {icon}
      {input}
      {action}
    </span>
  );
}

export function TextArea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea {...rest} className={classes('textarea', className)} />;
}

export interface CheckboxProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> {
  label: ReactNode;
  hint?: ReactNode;
}

export function Checkbox({ label, hint, className, ...rest }: CheckboxProps) {
  return (
    <label className={classes('checkbox', className)}>
      <input {...rest} type="checkbox" />
      <span>
        {label}
        {hint ? <small>{hint}</small> : null}
      </span>
    </label>
  );
}
