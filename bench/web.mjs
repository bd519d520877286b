// The editor in headless Chromium without a GPU: ten thousand polygons, a hundred thousand boxes,
// five hundred image switches. Best of three after a warm-up, as the machine has other work too.
import { openBrowser, openPage, signIn } from '../tests/e2e/browser.mjs';
import { openEditor, until } from '../tests/e2e/editor.mjs';
import { tinyPng } from '../tests/functional/harness.mjs';
import { expect, ms, quantile, withServer } from './machine.mjs';
import { heapOf } from './web/heap.mjs';
import { clicks, motion, svgScene, switchImages, vertexDrag } from './web/inPage.mjs';
import { boxes, crowdedAsset, height, polygons, width } from './web/scene.mjs';

const frames = 90;
const runs = 3;
const frameMs = 25;
const scriptMs = 3;
const switches = 500;
// Until each part that a switch needs is loaded.
const warmUp = 100;

const p95 = (values) => quantile(values, 0.95);
const fps = (intervals) =>
  1000 / (intervals.reduce((sum, each) => sum + each, 0) / intervals.length);

async function best(times, work, worth) {
  const all = [];
  for (let i = 0; i < times; ++i) all.push(await work());
  return all.sort((a, b) => worth(a) - worth(b))[0];
}

// Of the worse of its two bars.
const share = ({ intervals, script }) => Math.max(p95(intervals) / frameMs, p95(script) / scriptMs);

const idle = (page) => page.evaluate(() => window.__annotate.idle());

async function moved(page, kind) {
  await idle(page);
  await page.evaluate(motion, { frames: 20, kind });
  return best(
    runs,
    async () => {
      await idle(page);
      return page.evaluate(motion, { frames, kind });
    },
    share,
  );
}

async function tenThousand(page, url, project, asset, rings) {
  await openEditor(page, url, project, asset);
  const rows = [];
  for (const kind of ['pan', 'zoom']) {
    const { intervals, script, long } = await moved(page, kind);
    const worst = Math.max(0, ...long);
    rows.push({
      what: `10,000 polygons: ${kind}`,
      ours:
        `frame p95 ${ms(p95(intervals))}, script p95 ${ms(p95(script))}, ` +
        `longest ${long.length === 0 ? 'under 50' : worst.toFixed(0)} ms`,
      baseline: kind,
      rule: `p95 ${frameMs} ms, script ${scriptMs} ms, none over 50 ms`,
      met: p95(intervals) <= frameMs && p95(script) <= scriptMs && worst <= 50,
    });
  }
  await page.evaluate(() => window.__annotate.editor.view.fit());
  await idle(page);
  await page.evaluate(clicks, { count: 5 });
  const selected = await best(
    runs,
    () => page.evaluate(clicks, { count: 40 }),
    ({ times }) => p95(times),
  );
  rows.push({
    what: 'select by click among 10,000',
    ours: `p95 ${ms(p95(selected.times))}`,
    baseline: `${selected.missed} of 40 missed`,
    rule: 'p95 50 ms',
    met: p95(selected.times) <= 50 && selected.missed === 0,
  });
  await page.evaluate(() => {
    const { editor } = window.__annotate;
    const { width: w, height: h } = editor.view.image.get();
    editor.view.show([w / 2 - 200, h / 2 - 120, w / 2 + 200, h / 2 + 120]);
  });
  await idle(page);
  const drag = await best(
    runs,
    async () => {
      const one = await page.evaluate(vertexDrag, { frames });
      await idle(page);
      return one;
    },
    ({ intervals }) => p95(intervals),
  );
  rows.push({
    what: 'drag a vertex among 10,000',
    ours: `frame p95 ${ms(p95(drag.intervals))}, script p95 ${ms(p95(drag.script))}`,
    baseline: `released in ${ms(drag.release)}`,
    rule: 'p95 20 ms',
    met: drag.dragged && p95(drag.intervals) <= 20,
  });
  const svg = await page.evaluate(svgScene, { rings, width, height, frames: 30 });
  for (const row of rows.slice(0, 2)) row.baseline = `as SVG nodes p95 ${ms(p95(svg))}`;
  return rows;
}

async function hundredThousand(page, url, project, asset) {
  const from = performance.now();
  await page.goto(`${url}/projects/${project.id}/annotate/${asset.id}?e2e`);
  await page.waitForFunction(() => Boolean(window.__annotate));
  const open = performance.now() - from;
  await idle(page);
  const settled = performance.now() - from;
  const { intervals } = await moved(page, 'pan');
  return [
    {
      what: '100,000 shapes in one image: open',
      ours: `${(open / 1e3).toFixed(2)} s`,
      baseline: `all drawn after ${(settled / 1e3).toFixed(2)} s`,
      rule: 'under 3 s',
      met: open < 3000,
    },
    {
      what: '100,000 shapes in one image: pan',
      ours: `${fps(intervals).toFixed(0)} fps`,
      baseline: `frame p95 ${ms(p95(intervals))}`,
      rule: '30 fps',
      met: fps(intervals) >= 30,
    },
  ];
}

async function imageSwitches(server, person, project, page) {
  const files = Array.from({ length: 4 }, (_, i) => [`${i}.png`, tinyPng()]);
  const { items } = await expect(201, server.upload(person, project.id, files));
  await openEditor(page, server.url, project, items[0]);
  const session = await page.context().newCDPSession(page);
  const images = items.length;
  await page.evaluate(switchImages, { first: 0, count: warmUp, images });
  const before = await heapOf(session);
  await page.evaluate(switchImages, { first: warmUp, count: switches, images });
  let grown = {};
  await until(async () => {
    const after = await heapOf(session);
    grown = Object.fromEntries(
      Object.entries(after).map(([kind, bytes]) => [kind, 100 * (bytes / before[kind] - 1)]));
    return grown.objects <= 10 && grown.native <= 10;
  }, 'heap back').catch(() => {});
  const { objects, native, code } = grown;
  return [
    {
      what: `${switches} image switches`,
      ours: `heap ${objects.toFixed(1)} % larger, the browser's part ${native.toFixed(1)} %`,
      baseline: `${(before.objects / 2 ** 20).toFixed(1)} MiB of objects before; ` +
        `machine code ${code.toFixed(1)} %`,
      rule: 'within 10 %',
      met: objects <= 10 && native <= 10,
    },
  ];
}

export async function web() {
  const browser = await openBrowser();
  try {
    return await withServer(async (server, person, project) => {
      const rings = polygons(10_000, 24);
      const crowd = await crowdedAsset(server, person, project, rings);
      const masses = await crowdedAsset(server, person, project, boxes(100_000));
      const page = await openPage(browser);
      await signIn(page, server.url, person.email, 'a good long password');
      const few = await server.project(person, { name: 'Switches' });
      return [
        ...(await tenThousand(page, server.url, project, crowd, rings)),
        ...(await hundredThousand(page, server.url, project, masses)),
        ...(await imageSwitches(server, person, few, page)),
      ];
    });
  } finally {
    await browser.close();
  }
}
