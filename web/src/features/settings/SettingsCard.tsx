import type { ReactNode } from 'react';

export interface SettingsCardProps {
  id: string;
  title: string;
  text?: ReactNode;
  children: ReactNode;
}

export function SettingsCard({ id, title, text, children }: SettingsCardProps) {
  return (
    <section className="card settings-card" id={id} aria-labelledby={`${id}-title`}>
      <div>
        <h2 className="h3" id={`${id}-title`}>
          {title}
        </h2>
        {text ? <p className="muted">{text}</p> : null}
      </div>
      {children}
    </section>
  );
}
