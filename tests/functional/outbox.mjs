// The letters that a server without a mail server has written into its outbox.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const decodeWord = (_, base64) => Buffer.from(base64, 'base64').toString('utf8');

function decodeQuoted(text) {
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

export function parseLetter(raw) {
  const at = raw.indexOf('\r\n\r\n');
  const lines = raw.slice(0, at).replace(/\r\n[ \t]/g, ' ').split('\r\n');
  const headers = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const value = line.slice(colon + 1).trim();
    headers[line.slice(0, colon).toLowerCase()] = value
      .replace(/\?=\s+=\?/g, '?==?')
      .replace(/=\?utf-8\?B\?([^?]*)\?=/gi, decodeWord);
  }
  const text = decodeQuoted(raw.slice(at + 4)).replace(/\r\n/g, '\n');
  return { headers, to: headers.to, subject: headers.subject, text };
}

// Oldest first.
export function lettersOf(server) {
  const folder = path.join(server.data, 'outbox');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .sort()
    .map((name) => parseLetter(readFileSync(path.join(folder, name), 'latin1')));
}

// Those to an address whose subject holds the words, once there are so many.
export async function lettersTo(server, address, words, count = 1, timeoutMs = 15_000) {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const found = lettersOf(server).filter(
      (letter) => letter.to === address.toLowerCase() && letter.subject.includes(words));
    if (found.length >= count) return found;
    if (Date.now() > until) {
      const all = lettersOf(server).map((letter) => `${letter.to}: ${letter.subject}`);
      throw new Error(`no letter ${count} about "${words}" to ${address} among ${all.join(' | ')}`);
    }
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

export function linkIn(letter) {
  const found = /^(https?:\/\/\S+)$/m.exec(letter.text);
  if (!found) throw new Error(`no link in: ${letter.text}`);
  return found[1];
}

export const tokenIn = (letter) => new URL(linkIn(letter)).hash.replace('#token=', '');
