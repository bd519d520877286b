import { useDeferredValue, useEffect, useState } from 'react';
import { t } from '@/i18n/i18n';
import type { Strength } from './strength';
import './passwordStrength.css';

type Judge = typeof import('./strength').strengthOf;

const shortest = 8;

/** Tells how hard a new password is to guess; the server decides what it takes. */
export function PasswordStrength({ password, own }: { password: string; own: readonly string[] }) {
  const [judge, setJudge] = useState<{ of: Judge } | null>(null);
  const typed = useDeferredValue(password);
  const begun = password !== '';
  useEffect(() => {
    // Without it the form works all the same.
    if (begun) void import('./strength').then(({ strengthOf }) => setJudge({ of: strengthOf }));
  }, [begun]);
  if (!judge || typed === '') return null;
  const strength: Strength = typed.length < shortest ? 0 : judge.of(typed, own);
  return (
    <div className="strength" data-strength={strength} data-testid="strength">
      <div className="strength-bar" aria-hidden="true">
        {[1, 2, 3, 4].map((step) => (
          <span key={step} data-on={strength >= step || (step === 1 && strength === 0)} />
        ))}
      </div>
      <span role="status">{t(`auth.strength.s${strength}`)}</span>
    </div>
  );
}
