import { Keyboard } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { loadEditorMessages, t } from '@/i18n/i18n';
import { Button } from '@/ui/Button';
import { SettingsCard } from './SettingsCard';

// The commands are the image editor's, and so are their names.
const KeysDialog = lazy(async () => {
  await loadEditorMessages();
  return import('../keys/KeysDialog');
});

export function KeysCard() {
  const [open, setOpen] = useState(false);
  return (
    <SettingsCard id="keys" title={t('settings.keys.title')} text={t('settings.keys.text')}>
      <div>
        <Button icon={<Keyboard />} data-testid="change-keys" onClick={() => setOpen(true)}>
          {t('settings.keys.show')}
        </Button>
      </div>
      {open ? (
        <Suspense fallback={null}>
          <KeysDialog onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </SettingsCard>
  );
}
