import type { ReactNode } from 'react';
import { Logo } from '../shell/Logo';
import { usePageTitle } from '../shell/usePageTitle';
import './login.css';

/** A page of one panel for those who are not signed in. */
export function AuthPanel(props: { title: string; text?: ReactNode; children?: ReactNode }) {
  usePageTitle(props.title);
  return (
    <main className="login login-alone">
      <div className="login-panel annotate-glass">
        <Logo />
        <div>
          <h1>{props.title}</h1>
          {props.text ? <p className="muted">{props.text}</p> : null}
        </div>
        {props.children}
      </div>
    </main>
  );
}
