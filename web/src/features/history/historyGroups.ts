/** The log as people read it: what one person did within one minute, same deeds said once. */
import { t } from '@/i18n/i18n';
import type { HistoryItem, PersonRef } from '@/net/historyRoutes';
import { deedOf, targetOf, type Names, type Phrase } from './historyText';

export interface HistoryLine {
  /** Of the newest operation in it: the state this line leads to. */
  revision: number;
  verb: string;
  phrase: Phrase;
  text: string;
  targets: string[];
  count: number;
}

export interface HistoryGroup {
  key: string;
  by: PersonRef;
  run: string | null;
  source: HistoryItem['source'];
  /** Of the newest in it, RFC 3339. */
  at: string;
  revision: number;
  lines: HistoryLine[];
}

/** `items` newest first; the order stays. */
export function groupHistory(items: readonly HistoryItem[], names: Names): HistoryGroup[] {
  const groups: HistoryGroup[] = [];
  const keys: string[] = [];
  for (const item of items) {
    const key = [item.created_by.id, item.run ?? '', item.source, minuteOf(item.created_at)].join();
    let group = groups.at(-1);
    if (!group || keys.at(-1) !== key) {
      group = newGroup(item);
      groups.push(group);
      keys.push(key);
    }
    addLine(group, item, names);
  }
  return groups;
}

function newGroup(item: HistoryItem): HistoryGroup {
  const { revision, created_by: by, source, created_at: at } = item;
  return { key: String(revision), by, run: item.run ?? null, source, at, revision, lines: [] };
}

function minuteOf(time: string): number {
  return Math.floor(Date.parse(time) / 60_000);
}

function addLine(group: HistoryGroup, item: HistoryItem, names: Names): void {
  const { verb, phrase, target } = deedOf(item, names);
  let line = group.lines.at(-1);
  if (line?.verb !== verb || line.phrase('') !== phrase('')) {
    line = { revision: item.revision, verb, phrase, targets: [], count: 0, text: '' };
    group.lines.push(line);
  }
  line.count += 1;
  if (!line.targets.includes(target)) line.targets.push(target);
  line.text = sentence(line, names);
}

function sentence({ phrase, targets, count }: HistoryLine, names: Names): string {
  const [first = ''] = targets;
  const one = targets.length === 1;
  const what = one
    ? (names.object(first) ?? t('history.anObject'))
    : t('history.objects', { count: targets.length });
  const text = phrase(what);
  return one && count > 1 ? t('history.times', { text, count }) : text;
}

export interface Author extends PersonRef {
  /** Operations in what is loaded. */
  count: number;
}

/** Everyone who did something, the busiest first. */
export function authorsOf(items: readonly HistoryItem[]): Author[] {
  const found = new Map<string, Author>();
  for (const { created_by: by } of items) {
    const known = found.get(by.id);
    if (known) known.count += 1;
    else found.set(by.id, { ...by, count: 1 });
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

/** How each object in the log was called when it was put, for those that are gone. */
export function labelsInHistory(items: readonly HistoryItem[]): Map<string, string | null> {
  const out = new Map<string, string | null>();
  for (const { operation } of items) {
    if (operation.op !== 'put') continue;
    const id = targetOf(operation);
    if (!out.has(id)) out.set(id, operation.annotation.label_id);
  }
  return out;
}
