/** XML of others, read as data: nothing in it is fetched, run or put into the page. */

/** Null for what is no XML, or has a document type (which could define entities without end). */
export function parseXml(text: string): Document | null {
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) return null;
  const parsed = new DOMParser().parseFromString(text, 'text/xml');
  return parsed.getElementsByTagName('parsererror').length > 0 ? null : parsed;
}

export function elements(root: Document | Element): Element[] {
  return [...root.getElementsByTagName('*')];
}
