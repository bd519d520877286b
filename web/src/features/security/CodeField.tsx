import { t } from '@/i18n/i18n';
import { Field } from '@/ui/Field';
import { Input } from '@/ui/Input';

export interface CodeFieldProps {
  recovery: boolean;
  value: string;
  change: (value: string) => void;
  error?: string | null;
  autoFocus?: boolean;
}

/** Six digits of an authenticator app, or a code on paper. */
export function CodeField({ recovery, value, change, error, autoFocus }: CodeFieldProps) {
  return (
    <Field
      label={t(recovery ? 'mfa.recoveryCode' : 'mfa.code')}
      hint={t(recovery ? 'mfa.recoveryHint' : 'mfa.codeHint')}
      error={error}
    >
      {(control) => (
        <Input
          {...control}
          key={recovery ? 'recovery' : 'otp'}
          className="mfa-code"
          data-testid="mfa-code"
          inputMode={recovery ? 'text' : 'numeric'}
          autoComplete="one-time-code"
          autoFocus={autoFocus}
          spellCheck={false}
          maxLength={recovery ? 30 : 8}
          value={value}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  );
}
