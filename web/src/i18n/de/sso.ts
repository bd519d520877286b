import type { sso as en } from '../en/sso';
import type { Translation } from '../translation';

export const sso: Translation<typeof en> = {
  button: 'Mit SSO anmelden',
  title: 'Single Sign-on',
  choose: 'Wo möchten Sie sich anmelden?',
  continue: 'Weiter mit {{name}}',
  continueShort: 'Weiter mit Single Sign-on',
  needEmail:
    'Geben Sie zuerst Ihre berufliche E-Mail-Adresse ein; ihre Domain sagt, wo Sie sich anmelden.',
  none: 'Für diese Domain meldet keine Organisation ihre Leute an. Nehmen Sie Ihr Passwort oder den Link Ihrer Administration.',
  required: 'Ihre Organisation meldet Sie über ihren eigenen Identitätsanbieter an.',
  errors: {
    account_disabled: 'Ihr Konto ist gesperrt. Fragen Sie Ihre Administration.',
    account_elsewhere:
      'Zu dieser Adresse gibt es ein Konto, um das sich der Anbieter Ihrer Organisation nicht kümmert. Melden Sie sich mit dessen Passwort an und verknüpfen Sie es in den Einstellungen.',
    address_refused: 'Die Organisation lässt aus Ihrem Netz niemanden herein.',
    code_used:
      'Diese Anmeldung wurde schon benutzt und zur Sicherheit beendet. Beginnen Sie von vorn.',
    email_missing:
      'Der Anbieter hat keine E-Mail-Adresse von Ihnen genannt. Fragen Sie Ihre Administration.',
    email_unverified: 'Der Anbieter hat Ihre E-Mail-Adresse nicht bestätigt.',
    flow_unknown:
      'Die Anmeldung hat zu lange gedauert oder begann in einem anderen Browser. Beginnen Sie von vorn.',
    id_token_refused:
      'Die Antwort des Anbieters ließ sich nicht prüfen. Sagen Sie es Ihrer Administration.',
    not_a_member:
      'Sie sind kein Mitglied dieser Organisation. Bitten Sie Ihre Administration um eine Einladung.',
    provider_off: 'Dieser Weg der Anmeldung ist abgeschaltet.',
    provider_refused: 'Der Anbieter hat nicht bestätigt, wer Sie sind.',
    provider_unreachable: 'Der Anbieter antwortet nicht. Versuchen Sie es später noch einmal.',
    saml_refused:
      'Die Antwort des Anbieters wird nicht angenommen. Beginnen Sie von vorn; geschieht es noch einmal, nennen Sie Ihrer Administration die Uhrzeit.',
    saml_not_installed:
      'SAML ist auf diesem Server nicht installiert. Wenden Sie sich an den Betreiber.',
    subject_taken: 'Dieses Konto beim Anbieter ist schon mit jemand anderem verknüpft.',
    wrong_issuer:
      'Die Antwort kam von einem anderen Anbieter als dem, zu dem Sie gingen. Beginnen Sie von vorn.',
    other:
      'Die Anmeldung hat nicht geklappt. Beginnen Sie von vorn oder fragen Sie Ihre Administration.',
  },
  ldap: {
    about: 'Nimm Benutzername und Passwort von {{name}}.',
    user: 'Benutzername',
  },
  links: {
    title: 'Single Sign-on',
    text: 'Ihre Konten bei den Identitätsanbietern Ihrer Organisation.',
    linked: 'Verknüpft',
    link: 'Verknüpfen',
    unlink: 'Lösen',
    failed: 'Das hat nicht geklappt',
    unlinked: 'Die Verknüpfung ist gelöst',
    label: '{{name}} verknüpfen',
    unlinkLabel: 'Verknüpfung mit {{name}} lösen',
  },
};
