import { Copy, Download } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import { saveText } from '../assets/saveText';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Checkbox } from '@/ui/Input';
import { toast } from '@/ui/Toast';

/** Recovery codes, which nobody sees again: the dialog stays until they are kept. */
export function CodesDialog({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const [kept, setKept] = useState(false);
  const text = `${codes.join('\n')}\n`;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    toast({ tone: 'ok', title: t('mfa.copied') });
  };
  return (
    <Dialog
      open
      onOpenChange={() => {
        if (kept) onClose();
      }}
      locked={!kept}
      width={460}
      title={t('mfa.codes.shownTitle')}
      description={t('mfa.codes.shownText')}
      testId="recovery-codes"
      footer={
        <Button
          variant="primary"
          disabled={!kept}
          data-testid="recovery-codes-done"
          onClick={onClose}
        >
          {t('mfa.codes.done')}
        </Button>
      }
    >
      <div className="stack">
        <ul className="mfa-codes" aria-label={t('mfa.codes.title')}>
          {codes.map((code) => (
            <li key={code}>
              <code data-testid="recovery-code">{code}</code>
            </li>
          ))}
        </ul>
        <div className="mfa-actions">
          {window.isSecureContext ? (
            <Button icon={<Copy />} data-testid="recovery-codes-copy" onClick={() => void copy()}>
              {t('mfa.codes.copy')}
            </Button>
          ) : null}
          <Button
            icon={<Download />}
            data-testid="recovery-codes-download"
            onClick={() => saveText('annotateai-recovery-codes.txt', 'text/plain', text)}
          >
            {t('mfa.codes.download')}
          </Button>
        </div>
        <Checkbox
          label={t('mfa.codes.kept')}
          data-testid="recovery-codes-kept"
          checked={kept}
          onChange={(event) => setKept(event.target.checked)}
        />
      </div>
    </Dialog>
  );
}
