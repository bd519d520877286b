import { t } from '@/i18n/i18n';
import { switchOrganization } from '@/net/accountRoutes';
import { errorText } from '@/net/http';
import { toast } from '@/ui/Toast';

/** Goes on in another organization, on a fresh page: nothing that was loaded belongs to it. */
export async function switchTo(organizationId: string): Promise<void> {
  try {
    await switchOrganization(organizationId);
    window.location.assign('/projects');
  } catch (error) {
    toast({ tone: 'err', title: t('shell.switchFailed'), detail: errorText(error) });
  }
}
