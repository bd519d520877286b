import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

export type NoticeTone = 'info' | 'ok' | 'warn' | 'err';

const icons: Record<NoticeTone, ReactNode> = {
  info: <Info aria-hidden="true" />,
  ok: <CircleCheck aria-hidden="true" />,
  warn: <TriangleAlert aria-hidden="true" />,
  err: <CircleAlert aria-hidden="true" />,
};

export interface NoticeProps {
  tone?: NoticeTone;
  title?: string;
  children?: ReactNode;
  testId?: string;
}

export function Notice({ tone = 'info', title, children, testId }: NoticeProps) {
  const role = tone === 'err' ? 'alert' : 'status';
  return (
    <div className="notice" data-tone={tone} role={role} data-testid={testId}>
      {icons[tone]}
      <div>
        {title ? <strong>{title}</strong> : null}
        {children}
      </div>
    </div>
  );
}
