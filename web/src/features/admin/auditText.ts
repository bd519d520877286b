/** `project.add_labels` as a person reads it: `Project: add labels`. */
export function actionText(action: string): string {
  const [object = '', ...rest] = action.split('.');
  const words = (text: string) => text.replaceAll('_', ' ').trim();
  const subject = words(object).charAt(0).toUpperCase() + words(object).slice(1);
  const verb = words(rest.join(' '));
  return verb === '' ? subject : `${subject}: ${verb}`;
}
