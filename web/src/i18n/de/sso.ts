import type { sso as en } from '../en/sso';
import type { Translation } from '../translation';

export const sso: Translation<typeof en> = {
  button: 'Mit SSO anmelden',
  title: 'Single Sign-on',
  choose: 'Wo möchtest du dich anmelden?',
  continue: 'Weiter mit {{name}}',
  continueShort: 'Weiter mit Single Sign-on',
  needEmail:
    'Gib zuerst deine berufliche E-Mail-Adresse ein; ihre Domain sagt, wo du dich anmeldest.',
  none: 'Für diese Domain meldet keine Organisation ihre Leute an. Nimm dein Passwort oder den Link deiner Administration.',
  required: 'Deine Organisation meldet dich über ihren eigenen Identitätsanbieter an.',
  errors: {
    account_disabled: 'Dein Konto ist gesperrt. Frag deine Administration.',
    account_elsewhere:
      'Zu dieser Adresse gibt es ein Konto, um das sich der Anbieter deiner Organisation nicht kümmert. Melde dich mit dessen Passwort an und verknüpfe es in den Einstellungen.',
    address_refused: 'Die Organisation lässt aus deinem Netz niemanden herein.',
    code_used:
      'Diese Anmeldung wurde schon benutzt und zur Sicherheit beendet. Beginne von vorn.',
    email_missing:
      'Der Anbieter hat keine E-Mail-Adresse von dir genannt. Frag deine Administration.',
    email_unverified: 'Der Anbieter hat deine E-Mail-Adresse nicht bestätigt.',
    flow_unknown:
      'Die Anmeldung hat zu lange gedauert oder begann in einem anderen Browser. Beginne von vorn.',
    id_token_refused:
      'Die Antwort des Anbieters ließ sich nicht prüfen. Sag es deiner Administration.',
    not_a_member:
      'Du bist kein Mitglied dieser Organisation. Bitte deine Administration um eine Einladung.',
    provider_off: 'Dieser Weg der Anmeldung ist abgeschaltet.',
    provider_refused: 'Der Anbieter hat nicht bestätigt, wer du bist.',
    provider_unreachable: 'Der Anbieter antwortet nicht. Versuche es später noch einmal.',
    saml_refused:
      'Die Antwort des Anbieters wird nicht angenommen. Beginne von vorn; geschieht es noch einmal, nenne deiner Administration die Uhrzeit.',
    saml_not_installed:
      'SAML ist auf diesem Server nicht installiert. Wende dich an den Betreiber.',
    subject_taken: 'Dieses Konto beim Anbieter ist schon mit jemand anderem verknüpft.',
    wrong_issuer:
      'Die Antwort kam von einem anderen Anbieter als dem, zu dem du gingst. Beginne von vorn.',
    other:
      'Die Anmeldung hat nicht geklappt. Beginne von vorn oder frag deine Administration.',
  },
  ldap: {
    about: 'Nimm Benutzername und Passwort von {{name}}.',
    user: 'Benutzername',
  },
  links: {
    title: 'Single Sign-on',
    text: 'Deine Konten bei den Identitätsanbietern deiner Organisation.',
    linked: 'Verknüpft',
    link: 'Verknüpfen',
    unlink: 'Lösen',
    failed: 'Das hat nicht geklappt',
    unlinked: 'Die Verknüpfung ist gelöst',
    label: '{{name}} verknüpfen',
    unlinkLabel: 'Verknüpfung mit {{name}} lösen',
  },
};
