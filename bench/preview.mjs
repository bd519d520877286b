// The outline under the pointer in a real browser: from the last move of the pointer until the
// preview is drawn, beside the bare decoder on an image of the same size in the same minutes.
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { openBrowser, openPage, signIn } from '../tests/e2e/browser.mjs';
import { at, openEditor } from '../tests/e2e/editor.mjs';
import { Bare, expect, median, modelFile, ms, quantile, realPhotos, sleep, withServer }
  from './machine.mjs';

const photos = 4;
const spotsEach = 12;
const answerWithinMs = 5000;
const extraMs = 60;

// Spread over the image, the same in every run.
function spots({ width, height }) {
  return Array.from({ length: spotsEach }, (_, i) =>
    [width * (0.12 + 0.76 * ((i * 0.618) % 1)), height * (0.12 + 0.76 * ((i * 0.414) % 1))]);
}

// In the page: remembers when the pointer moved last and when a new preview was on the canvas.
function watchPreview() {
  const { editor } = window.__annotate;
  const watch = { moved: 0, drawn: null, told: () => {} };
  const took = () => (watch.drawn === null ? null : watch.drawn - watch.moved);
  const next = (within) => new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), within);
    watch.told = () => {
      clearTimeout(timer);
      resolve(took());
    };
    if (watch.drawn !== null) watch.told();
  });
  window.__preview = { next };
  let shown = null;
  document.querySelector('[data-editor-canvas]').addEventListener('pointermove', (event) => {
    watch.moved = event.timeStamp;
    watch.drawn = null;
  }, { capture: true });
  editor.overlay.subscribe(() => {
    const now = editor.overlay.get().painters.get('hover') ?? null;
    if (now === shown) return;
    shown = now;
    // The stage asked for its frame before this one, so it has drawn when this one comes.
    if (!now) return;
    requestAnimationFrame(() => {
      watch.drawn = performance.now();
      watch.told();
    });
  });
}

// Milliseconds from the last move to the drawn preview; null where the model outlines nothing.
async function follow(page, from, to) {
  await page.mouse.move(...from);
  await page.mouse.move(...to, { steps: 8 });
  // Waited for in the page: questions from outside would take time from what is measured.
  return page.evaluate((within) => window.__preview.next(within), answerWithinMs);
}

async function openPhoto(page, server, project, asset) {
  await openEditor(page, server.url, project, asset);
  await page.getByTestId('segment-tool').click();
  await page.waitForFunction(
    () => window.__annotate.editor.readiness.get().state === 'ready', null, { timeout: 60_000 });
  await page.evaluate(watchPreview);
  return Promise.all(spots(asset).map(([x, y]) => at(page, x, y)));
}

export async function preview() {
  const bare = new Bare();
  await bare.ask('load', 'decoder', modelFile('mobilesam', 'decoder.onnx'));
  const decoder = [];
  const ours = [];
  let empty = 0;
  await withServer(async (server, person, project) => {
    const files = realPhotos().slice(0, photos)
      .map((file) => [path.basename(file), readFileSync(file)]);
    const assets = (await expect(201, server.upload(person, project.id, files))).items;
    const browser = await openBrowser();
    try {
      const page = await openPage(browser);
      await signIn(page, server.url, person.email, 'a good long password');
      for (const [index, asset] of assets.entries()) {
        const places = await openPhoto(page, server, project, asset);
        // The first photo loads the sessions on both sides; the first spot, the tool's code.
        const counted = index > 0;
        for (let i = 1; i < places.length; ++i) {
          await sleep(100);
          const took = await follow(page, places[i - 1], places[i]);
          await sleep(100);
          const runs = await bare.ask('run', 'decoder', 1, asset.height, asset.width);
          if (!counted) continue;
          decoder.push(...runs);
          if (took === null) empty += 1;
          else ours.push(took);
        }
      }
    } finally {
      await browser.close();
    }
  });
  bare.stop();
  const limit = median(decoder) + extraMs;
  console.log(`  ${ours.length} previews (${empty} spots without an outline): `
    + `median ${ms(median(ours))}, 95 % ${ms(quantile(ours, 0.95))}; bare decoder `
    + `median ${ms(median(decoder))}, 95 % ${ms(quantile(decoder, 0.95))}`);
  return [{ what: 'preview of the mask under the pointer', ours: ms(median(ours)),
    baseline: `bare decoder ${ms(median(decoder))}`, rule: `+ ${extraMs} ms = ${ms(limit)}`,
    met: median(ours) <= limit }];
}
