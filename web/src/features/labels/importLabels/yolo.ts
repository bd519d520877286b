/** The class names of a YOLO data.yaml: a list in one line, one of dashes, or numbers to names. */
import { kLimits, Reading, type Imported } from './imported';

const kNames = /^names\s*:(.*)$/;

export function looksLikeYolo(text: string): boolean {
  return text.split(/\r?\n/).some((line) => kNames.test(line));
}

export function readYolo(text: string): Imported {
  const reading = new Reading('yolo');
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => kNames.test(line));
  const rest = kNames.exec(lines[start] ?? '')?.[1]?.trim() ?? '';
  const names = /^[[{]/.test(rest)
    ? flowNames([rest, ...lines.slice(start + 1)].join('\n'))
    : blockNames(lines.slice(start + 1), start + 2, reading);
  const skeleton = keypoints(text, reading);
  for (const name of names) {
    reading.add({ name, kind: 'any', attributes: [], ...(skeleton && { skeleton }) });
  }
  if (names.length === 0) reading.problem('names', 'labels.import.problems.noNames');
  return reading.done();
}

/** `[car, "a, b"]` or `{0: car, 1: bus}`, over as many lines as it takes. */
function flowNames(text: string): string[] {
  const inside = /^[[{]([^\]}]*)[\]}]?/.exec(text)?.[1] ?? '';
  const items = inside.match(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,\n"']+/g) ?? [];
  return items
    .map((item) => unquoted(item.trim().replace(/^\d+\s*:\s*/, '')))
    .filter((name) => name !== '' && !/^\d+\s*:$/.test(name));
}

function blockNames(lines: readonly string[], first: number, reading: Reading): string[] {
  const names: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const item = /^\s*(?:-\s+|\d+\s*:\s*)(.+)$/.exec(line)?.[1];
    if (item !== undefined) names.push(unquoted(item.replace(/\s+#.*$/, '').trim()));
    else if (/^\S/.test(line)) break;
    else reading.problem(`${first + index}`, 'labels.import.problems.line', { line: line.trim() });
  }
  return names;
}

function unquoted(text: string): string {
  const quote = text[0];
  if (text.length < 2 || text.at(-1) !== quote) return text;
  if (quote === "'") return text.slice(1, -1).replaceAll("''", "'");
  return quote === '"' ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}

/** The format has the number of keypoints alone. */
function keypoints(text: string, reading: Reading) {
  const shape = /^kpt_shape\s*:\s*\[\s*(\d+)/m.exec(text)?.[1];
  const count = Number(shape ?? 0);
  if (count === 0) return undefined;
  if (count > kLimits.points) {
    reading.problem('kpt_shape', 'labels.import.problems.skeleton');
    return undefined;
  }
  const points = Array.from({ length: count }, (_, index) => `point_${index + 1}`);
  return { points, edges: [] };
}
