import { Plus, Trash2 } from 'lucide-react';
import { t } from '@/i18n/i18n';
import type { RoleRule } from '@/net/ssoRoutes';
import { Button, IconButton } from '@/ui/Button';
import { Input } from '@/ui/Input';
import { Select, type SelectOption } from '@/ui/Select';

interface RoleRulesProps {
  rules: RoleRule[];
  roles: readonly SelectOption[];
  change: (rules: RoleRule[]) => void;
  problem: (pointer: string) => string | null;
}

/** Which group gets which role, in the order in which they are tried. */
export function RoleRules({ rules, roles, change, problem }: RoleRulesProps) {
  const set = (index: number, part: Partial<RoleRule>) =>
    change(rules.map((rule, at) => (at === index ? { ...rule, ...part } : rule)));
  const error = problem('/role_rules');
  return (
    <fieldset className="provider-rules">
      <legend>{t('providers.rules')}</legend>
      <p className="muted">{t('providers.rulesHint')}</p>
      {rules.map((rule, index) => (
        <div key={index} className="provider-rule" data-testid="role-rule">
          <Input
            aria-label={t('providers.ruleValue')}
            value={rule.value}
            spellCheck={false}
            onChange={(event) => set(index, { value: event.target.value })}
          />
          <Select
            aria-label={t('providers.ruleRole')}
            value={rule.role}
            options={roles}
            onChange={(event) => set(index, { role: event.target.value })}
          />
          <IconButton
            label={t('providers.removeRule', { value: rule.value })}
            icon={<Trash2 />}
            onClick={() => change(rules.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      {error ? (
        <p className="field-error" role="alert">
          {error}
        </p>
      ) : null}
      <div>
        <Button
          size="s"
          icon={<Plus />}
          data-testid="add-rule"
          onClick={() => change([...rules, { value: '', role: roles[0]?.value ?? 'viewer' }])}
        >
          {t('providers.addRule')}
        </Button>
      </div>
    </fieldset>
  );
}
