import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { classes } from './classes';
import { Tooltip } from './Tooltip';

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'ai' | 'danger';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: ButtonVariant;
  size?: 's' | 'm' | 'l';
  icon?: ReactNode;
  busy?: boolean;
  block?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function buttonClass(variant: ButtonVariant = 'secondary', size: 's' | 'm' | 'l' = 'm') {
  return classes('btn', `btn-${variant}`, size !== 'm' && `btn-${size}`);
}

export function Button(props: ButtonProps) {
  const { variant, size, icon, busy, block, className, children, disabled, ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      className={classes(buttonClass(variant, size), block && 'btn-block', className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : icon}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'icon' | 'children'> {
  label: string;
  icon: ReactNode;
  keys?: string;
  tooltipSide?: 'top' | 'right' | 'bottom' | 'left';
}

export function IconButton(props: IconButtonProps) {
  const { label, icon, keys, tooltipSide, className, variant = 'ghost', busy, ...rest } = props;
  return (
    <Tooltip label={label} keys={keys} side={tooltipSide}>
      <Button
        {...rest}
        variant={variant}
        busy={busy}
        icon={icon}
        aria-label={label}
        className={classes('btn-icon', className)}
      />
    </Tooltip>
  );
}
