// saml-idp, a SAML identity provider of others, as a process of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('node_modules/saml-idp/bin/run.js', import.meta.url));

export async function freePort() {
  const probe = net.createServer();
  await new Promise((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const { port } = probe.address();
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  return port;
}

// `addresses` are those that our provider tells.
export async function startPeer({ port, key, entity, addresses }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'saml-idp-'));
  const files = { cert: path.join(folder, 'cert.pem'), key: path.join(folder, 'key.pem') };
  writeFileSync(files.cert, key.cert);
  writeFileSync(files.key, key.key);
  const peer = spawn(process.execPath, [program, '--host', '127.0.0.1', '--port', String(port),
    '--cert', files.cert, '--key', files.key, '--issuer', entity, '--acsUrl', addresses.acs_url,
    '--sloUrl', addresses.slo_url, '--audience', addresses.entity_id], { cwd: folder });
  let said = '';
  for (const stream of [peer.stdout, peer.stderr]) {
    stream.on('data', (part) => {
      said += part;
    });
  }
  const url = `http://127.0.0.1:${port}`;
  for (const until = Date.now() + 15_000; ; ) {
    const up = await fetch(`${url}/metadata`).catch(() => null);
    if (up?.ok) break;
    if (Date.now() > until) throw new Error(`saml-idp does not start:\n${said}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
  return {
    url,
    async stop() {
      const gone = new Promise((resolve) => {
        peer.once('exit', resolve);
      });
      peer.kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const ofTheDialog = ['attributeName', 'description', 'valueType'];
const plain = (text) => text
  .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
  .replace(/&quot;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

// The page's inputs as a browser would send them.
export function inputsOf(html) {
  const out = new URLSearchParams();
  for (const [tag] of html.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]+)"/.exec(tag)?.[1];
    if (!name || ofTheDialog.includes(name)) continue;
    const value = /value=(?:"([^"]*)"|'([^']*)')/.exec(tag);
    out.set(name, plain(value?.[1] ?? value?.[2] ?? ''));
  }
  return out;
}
