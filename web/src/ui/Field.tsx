import { CircleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';

export interface FieldControlProps {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: true;
}

export interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | null;
  /** Gets the id and ARIA attributes that tie the control to its label and messages. */
  children: (control: FieldControlProps) => ReactNode;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  // An error says what to do; the hint beside it would only push the form down.
  const shownHint = error ? undefined : hint;
  const hintId = shownHint ? `${id}-hint` : undefined;
  const errorId = error ? `${id}-error` : undefined;
  const describedBy = [hintId, errorId].filter(Boolean).join(' ') || undefined;
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      {children({ id, 'aria-describedby': describedBy, 'aria-invalid': error ? true : undefined })}
      {shownHint ? (
        <div className="field-hint" id={hintId}>
          {shownHint}
        </div>
      ) : null}
      {error ? (
        <div className="field-error" id={errorId} role="alert">
          <CircleAlert aria-hidden="true" />
          {error}
        </div>
      ) : null}
    </div>
  );
}
