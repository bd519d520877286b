import type { CSSProperties, InputHTMLAttributes } from 'react';
import { classes } from './classes';

export interface RangeProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> {
  min: number;
  max: number;
  value: number;
}

/** A slider whose track is filled up to its value. */
export function Range({ className, style, ...input }: RangeProps) {
  const share = (input.value - input.min) / (input.max - input.min);
  const filled = { ...style, '--fill': `${share * 100}%` } as CSSProperties;
  return <input {...input} type="range" className={classes('range', className)} style={filled} />;
}
