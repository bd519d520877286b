// A server that hears webhooks: remembers what came, answers as told.
import { createHmac, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';

export async function startReceiver(answer = (_request, response) => response.end('ok')) {
  const requests = [];
  const waiting = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const heard = { headers: request.headers, body, at: Date.now(), path: request.url };
      requests.push(heard);
      waiting.splice(0).forEach((wake) => wake());
      answer(request, response, requests.length);
    });
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    requests,
    url: `http://127.0.0.1:${server.address().port}/hook`,
    async count(n, timeoutMs = 15_000) {
      const end = Date.now() + timeoutMs;
      while (requests.length < n) {
        if (Date.now() > end) throw new Error(`${requests.length} of ${n} deliveries came`);
        await new Promise((resolve) => {
          waiting.push(resolve);
          setTimeout(resolve, 100);
        });
      }
      return requests;
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

// What a receiver does (docs/webhooks.md).
export function isSigned(secret, heard, nowSeconds = Date.now() / 1000) {
  const match = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(heard.headers['annotateai-signature'] ?? '');
  if (!match) return false;
  const expected = createHmac('sha256', secret).update(`${match[1]}.${heard.body}`).digest();
  const fresh = Math.abs(nowSeconds - Number(match[1])) <= 300;
  return fresh && timingSafeEqual(expected, Buffer.from(match[2], 'hex'));
}

// Counts who connects to this machine, whatever is said.
export async function startCanary(host = '0.0.0.0') {
  const hits = [];
  const server = net.createServer((socket) => {
    hits.push(socket.remoteAddress);
    socket.on('error', () => {});
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\nsecret upstream');
  });
  await new Promise((resolve) => {
    server.listen(0, host, resolve);
  });
  return {
    hits,
    port: server.address().port,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}
