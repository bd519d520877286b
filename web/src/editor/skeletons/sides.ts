/** Names of joints that come in pairs: `left_knee` and `right_knee`, `L_Hip` and `R_Hip`. */

const kWords = [
  [/left/i, 'right'],
  [/right/i, 'left'],
  [/(?<=^|[_\-. ])l(?=$|[_\-. ])/i, 'r'],
  [/(?<=^|[_\-. ])r(?=$|[_\-. ])/i, 'l'],
] as const;

/** The name of the joint on the other side; null for one in the middle. */
export function mirroredName(name: string): string | null {
  for (const [side, other] of kWords) {
    const found = side.exec(name)?.[0];
    if (found !== undefined) return name.replace(side, likeCase(other, found));
  }
  return null;
}

function likeCase(word: string, model: string): string {
  if (model === model.toUpperCase()) return word.toUpperCase();
  const [first = ''] = model;
  return first === first.toUpperCase() ? word[0]!.toUpperCase() + word.slice(1) : word;
}
