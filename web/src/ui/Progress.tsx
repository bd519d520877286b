import type { ReactNode } from 'react';

export interface ProgressProps {
  label: string;
  /** 0 to 1; absent while the amount of work is unknown. */
  value?: number;
  tone?: 'accent' | 'ok' | 'err' | 'ai';
}

export function Progress({ label, value, tone }: ProgressProps) {
  const known = value !== undefined;
  const share = known ? Math.min(1, Math.max(0, value)) : 1;
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known ? Math.round(share * 100) : undefined}
      data-tone={tone}
      data-indeterminate={known ? undefined : ''}
    >
      <span style={known ? { transform: `scaleX(${share})` } : undefined} />
    </div>
  );
}

export interface ProgressRowProps extends ProgressProps {
  text: ReactNode;
  detail?: ReactNode;
}

export function ProgressRow({ text, detail, ...progress }: ProgressRowProps) {
  return (
    <div className="progress-row">
      <div>
        <span>{text}</span>
        <span className="num">{detail}</span>
      </div>
      <Progress {...progress} />
    </div>
  );
}
