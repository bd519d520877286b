// A small server that speaks Label Studio's ML backend contract and answers from the pixels it is
// sent: the largest bright region, in as many forms as it is asked for.
//
//   node ml_backend.mjs [PORT]     by hand;     startBackend() in a test
import http from 'node:http';
import { fileURLToPath } from 'node:url';

import { jpegBlocks } from './jpeg_blocks.mjs';

const BRIGHT = 180;

// Blocks that hang together, the largest such region: bounds in blocks, and the blocks.
function brightRegion({ columns, rows, levels }) {
  const seen = new Uint8Array(levels.length);
  let best = [];
  for (let start = 0; start < levels.length; ++start) {
    if (seen[start] || levels[start] < BRIGHT) continue;
    const region = [];
    const waiting = [start];
    seen[start] = 1;
    while (waiting.length > 0) {
      const at = waiting.pop();
      region.push(at);
      const x = at % columns;
      const near = [x > 0 && at - 1, x + 1 < columns && at + 1, at >= columns && at - columns,
        at + columns < rows * columns && at + columns];
      for (const next of near) {
        if (next === false || seen[next] || levels[next] < BRIGHT) continue;
        seen[next] = 1;
        waiting.push(next);
      }
    }
    if (region.length > best.length) best = region;
  }
  return best;
}

// Label Studio's packed runs: header, then runs of equal bytes with 16-bit lengths.
export function packBrush(mask) {
  const bits = [];
  const put = (value, count) => {
    for (let i = count - 1; i >= 0; --i) bits.push((value >> i) & 1);
  };
  put(mask.length * 4, 32);
  put(7, 5);
  for (let i = 0; i < 4; ++i) put(15, 4);
  for (let i = 0; i < mask.length; ) {
    let end = i;
    while (end < mask.length && mask[end] === mask[i] && end - i < 16384) ++end;
    put(1, 1);
    put(0, 2);
    put((end - i) * 4 - 1, 16);
    put(mask[i] ? 255 : 0, 8);
    i = end;
  }
  while (bits.length % 8) bits.push(0);
  const out = [];
  for (let i = 0; i < bits.length; i += 8) out.push(parseInt(bits.slice(i, i + 8).join(''), 2));
  return out;
}

function regionsFor(image, config) {
  const blocks = brightRegion(image);
  if (blocks.length === 0) return [];
  const xs = blocks.map((b) => b % image.columns);
  const ys = blocks.map((b) => Math.floor(b / image.columns));
  const percentX = (x) => Math.min(100, (100 * 8 * x) / image.width);
  const percentY = (y) => Math.min(100, (100 * 8 * y) / image.height);
  const [x0, y0] = [percentX(Math.min(...xs)), percentY(Math.min(...ys))];
  const [x1, y1] = [percentX(Math.max(...xs) + 1), percentY(Math.max(...ys) + 1)];
  const written = /<(?:Label|Choice) value="([^"]*)"/.exec(config)?.[1] ?? 'bright';
  const label = written.replace(/&(lt|gt|quot|amp);/g, (_, name) =>
    ({ lt: '<', gt: '>', quot: '"', amp: '&' })[name]);
  const region = (type, value) => ({
    type, from_name: type, to_name: 'image', original_width: image.width,
    original_height: image.height, image_rotation: 0, score: 0.8, value,
  });
  const out = [];
  if (config.includes('<RectangleLabels')) {
    out.push(region('rectanglelabels',
      { x: x0, y: y0, width: x1 - x0, height: y1 - y0, rotation: 0, rectanglelabels: [label] }));
  }
  if (config.includes('<BrushLabels')) {
    const mask = new Uint8Array(image.width * image.height);
    for (const b of blocks) {
      const [bx, by] = [(b % image.columns) * 8, Math.floor(b / image.columns) * 8];
      for (let y = by; y < Math.min(by + 8, image.height); ++y) {
        mask.fill(1, y * image.width + bx, y * image.width + Math.min(bx + 8, image.width));
      }
    }
    out.push(region('brushlabels',
      { format: 'rle', rle: packBrush(mask), brushlabels: [label] }));
  }
  if (config.includes('<PolygonLabels')) {
    out.push(region('polygonlabels',
      { points: [[x0, y0], [x1, y0], [x1, y1], [x0, y1]], polygonlabels: [label] }));
  }
  if (config.includes('<KeyPointLabels')) {
    out.push(region('keypointlabels',
      { x: (x0 + x1) / 2, y: (y0 + y1) / 2, width: 1, keypointlabels: [label] }));
  }
  if (config.includes('<Choices')) out.push(region('choices', { choices: [label] }));
  return out;
}

// `answers`: paths whose answer is something else, for tests of what goes wrong.
export async function startBackend(port = 0) {
  const backend = { requests: [], answers: {} };
  const server = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const path = request.url;
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks)) : null;
    backend.requests.push({ path, body, headers: request.headers });
    const send = (status, value) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof value === 'string' ? value : JSON.stringify(value));
    };
    if (backend.answers[path]) return backend.answers[path](send, body, response);
    if (path === '/health') return send(200, { status: 'UP', model_class: 'BrightRegion' });
    if (path === '/setup') return send(200, { model_version: 'bright-1' });
    if (path !== '/predict') return send(404, { error: 'not found' });
    const results = body.tasks.map((task) => {
      const [head, data] = task.data.image.split(',');
      if (head !== 'data:image/jpeg;base64') throw new Error(`not a JPEG: ${head}`);
      const image = jpegBlocks(Buffer.from(data, 'base64'));
      const result = regionsFor(image, body.label_config);
      return { result, score: 0.8, model_version: 'bright-1' };
    });
    return send(200, { results });
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  backend.url = `http://127.0.0.1:${server.address().port}`;
  backend.stop = () => new Promise((resolve) => {
    server.closeAllConnections();
    server.close(resolve);
  });
  return backend;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const backend = await startBackend(Number(process.argv[2] ?? 9090));
  console.log(`an ML backend listens on ${backend.url}`);
}
