import { t } from '@/i18n/i18n';
import { Dialog } from '@/ui/Dialog';
import { KeysPanel } from './KeysPanel';

export default function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('objects.keys.title')}
      description={t('objects.keys.about')}
      width={760}
      testId="keys-dialog"
    >
      <KeysPanel />
    </Dialog>
  );
}
