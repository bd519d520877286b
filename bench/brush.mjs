// A brush on a mask of 8 megapixels: script time of each move with the frame that shows it, of the
// end of a stroke, and what goes over the wire.
import { openBrowser, openPage, signIn } from '../tests/e2e/browser.mjs';
import { openEditor } from '../tests/e2e/editor.mjs';
import { tinyPng } from '../tests/functional/harness.mjs';
import { expect, median, ms, quantile, withServer } from './machine.mjs';

const width = 3840;
const height = 2160;
const strokes = 5;
const moves = 120;

// In the page: a mask of many blobs, some thousand vertices, selected.
function makeMask({ width, height }) {
  const { editor } = window.__annotate;
  const bytes = new Uint8Array(width * height);
  let seed = 7;
  const random = (below) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
  for (let blob = 0; blob < 300; ++blob) {
    const radius = 20 + random(80);
    const x = random(width);
    const y = random(height);
    for (let v = Math.max(0, y - radius); v < Math.min(height, y + radius); ++v) {
      const half = Math.floor(Math.sqrt(radius * radius - (v - y) * (v - y)));
      bytes.fill(1, v * width + Math.max(0, x - half), v * width + Math.min(width, x + half));
    }
  }
  return editor.create({ type: 'mask', rle: editor.kernel.encodeRle(bytes, height, width) });
}

// In the page: one stroke across the view; each move waits for the frame that shows it.
async function paintStroke({ moves, row, size }) {
  const { editor, stage, idle } = window.__annotate;
  await idle();
  localStorage.setItem('annotateai.preferences', JSON.stringify({ 'mask.size': size }));
  const canvas = document.querySelector('.stage-top');
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  const point = (share) => editor.view.toScreen([400 + 2800 * share,
    400 + 260 * row + 200 * Math.sin(9 * share)]);
  const send = (type, [clientX, clientY], buttons) => {
    const from = performance.now();
    canvas.dispatchEvent(new PointerEvent(type, { clientX, clientY, buttons, pointerId: 1,
      button: type === 'pointermove' ? -1 : 0, bubbles: true, pointerType: 'mouse' }));
    return performance.now() - from;
  };
  send('pointerdown', point(0), 1);
  await frame();
  const times = [];
  for (let i = 1; i <= moves; ++i) {
    const before = stage.stats.frames;
    const script = send('pointermove', point(i / moves), 1);
    await frame();
    times.push(script + (stage.stats.frames > before ? stage.stats.lastFrameMs : 0));
  }
  const up = send('pointerup', point(1), 0);
  await idle();
  return { times, up };
}

async function measured(page, options) {
  const all = { times: [], ups: [], bytes: [] };
  let sent = 0;
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => {
    if (String(payload).includes('mask_paint')) sent += payload.length;
  }));
  await page.reload();
  await page.waitForFunction(() => Boolean(window.__annotate));
  await page.evaluate(() => window.__annotate.idle());
  await page.evaluate(() => {
    const { editor } = window.__annotate;
    editor.tool.set('brush');
    editor.select([window.__annotate.shapes()[0].id]);
  });
  await page.evaluate(paintStroke, { ...options, row: 0 });
  for (let row = 1; row <= strokes; ++row) {
    sent = 0;
    const { times, up } = await page.evaluate(paintStroke, { ...options, row });
    all.times.push(...times);
    all.ups.push(up);
    all.bytes.push(sent);
  }
  return all;
}

export async function brush() {
  return withServer(async (server, person, project) => {
    const png = tinyPng(width, height);
    const { items: [asset] } = await expect(201,
      server.upload(person, project.id, [['large.png', png]]));
    const browser = await openBrowser();
    try {
      const page = await openPage(browser);
      await signIn(page, server.url, person.email, 'a good long password');
      await openEditor(page, server.url, project, asset);
      await page.evaluate(makeMask, { width, height });
      await page.evaluate(() => window.__annotate.idle());
      const { times, ups, bytes } = await measured(page, { moves, size: 80 });
      const whole = await page.evaluate(() => JSON.stringify(window.__annotate.shapes()[0]).length);
      return [
        { what: 'brush of 80 px on a 4K mask: a move and its frame',
          ours: `p50 ${ms(median(times))}, p95 ${ms(quantile(times, 0.95))}, ` +
            `most ${ms(Math.max(...times))}`,
          baseline: '', rule: 'p95 4 ms', met: quantile(times, 0.95) <= 4 },
        { what: 'end of a stroke, until the page goes on', ours: `most ${ms(Math.max(...ups))}`,
          baseline: '', rule: '50 ms', met: Math.max(...ups) <= 50 },
        { what: 'bytes sent for a stroke',
          ours: `${median(bytes)}, most ${Math.max(...bytes)}`,
          baseline: `${whole} for the mask`, rule: 'a quarter of the mask',
          met: Math.min(...bytes) > 0 && Math.max(...bytes) * 4 <= whole },
      ];
    } finally {
      await browser.close();
    }
  });
}
