/**
 * XML of others, read as data: nothing in it is fetched, run or put into the page. The browser's
 * own parser tells of broken files by elements whose style the page's policy forbids.
 */

export interface XmlElement {
  localName: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
}

// What no element begins or ends with, an end, or a beginning with its attributes.
const kSkipped = String.raw`<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>`;
const kEnd = String.raw`<\/([^\s<>/]+)\s*>`;
const kValue = String.raw`(?:"[^"<]*"|'[^'<]*')`;
const kBegin = String.raw`<([^\s<>/!?"'=]+)((?:\s+[^\s<>/"'=]+\s*=\s*${kValue})*)\s*(\/?)>`;
const kToken = new RegExp([kSkipped, kEnd, kBegin].join('|'), 'y');
const kAttribute = /([^\s"'=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const kEntity = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi;
const kNamed: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

/** The outermost element; null for what is no XML, or has a document type. */
export function parseXml(text: string): XmlElement | null {
  const root: XmlElement = { localName: '', attributes: new Map(), children: [] };
  const open = [root];
  const token = new RegExp(kToken);
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', token.lastIndex)) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (!match) return null;
    const [, closed, opened, attributes = '', ends] = match;
    if (closed !== undefined && localOf(closed) !== open.pop()!.localName) return null;
    if (opened !== undefined) {
      const element = { localName: localOf(opened), attributes: read(attributes), children: [] };
      open.at(-1)?.children.push(element);
      if (!ends) open.push(element);
    }
    if (open.length === 0) return null;
  }
  return open.length === 1 && root.children.length === 1 ? root.children[0]! : null;
}

/** It and all below it, in the order of the text. */
export function elements(root: XmlElement): XmlElement[] {
  const out: XmlElement[] = [];
  const waiting = [root];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    out.push(next);
    for (let i = next.children.length - 1; i >= 0; --i) waiting.push(next.children[i]!);
  }
  return out;
}

function localOf(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function read(attributes: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const [, name, double, single] of attributes.matchAll(kAttribute)) {
    out.set(name!, plain(double ?? single ?? ''));
  }
  return out;
}

function plain(text: string): string {
  return text.replace(/\s/g, ' ').replace(kEntity, (whole, decimal, hex, name) => {
    if (name !== undefined) return kNamed[name] ?? whole;
    const code = decimal === undefined ? parseInt(hex, 16) : Number(decimal);
    return code > 0x10ffff ? whole : String.fromCodePoint(code);
  });
}
