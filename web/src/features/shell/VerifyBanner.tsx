import type { Me } from '@/net/api';
import { t } from '@/i18n/i18n';
import { Notice } from '@/ui/Notice';
import { SendVerification } from '../settings/EmailCard';

/** Until the address is confirmed, the account is all there is. */
export default function VerifyBanner({ me }: { me: Me }) {
  return (
    <Notice tone="warn" title={t('shell.verify.title')} testId="verify-email">
      <p>{t('shell.verify.text', { email: me.user.email })}</p>
      <SendVerification />
    </Notice>
  );
}
