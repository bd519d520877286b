// Ten people click while a bulk detector labels a project: does anybody notice?
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { Bare, cores, expect, madePhotos, median, modelFile, ms, quantile, realPhotos, sleep,
  withServer } from './machine.mjs';

const people = 10;
const everyMs = 2000;
const idleClicks = 4;  // of each person
const clicksEach = 15;
const bulkPhotos = 400;
const detector = 'yolox-nano';

function click(person, { id, width, height }, i) {
  const from = performance.now();
  const point = { x: width * (0.3 + 0.03 * (i % 10)), y: height * 0.4, label: 1 };
  return expect(200, person.api('POST', '/inference/segment',
    { json: { asset_id: id, points: [point] } })).then((body) => {
    if (!body.embedding_was_ready) throw new Error('the embedding was not ready');
    return performance.now() - from;
  });
}

// Everyone clicks at a phase of their own.
async function crowd(person, assets) {
  const answers = [];
  const one = async (k) => {
    await sleep((everyMs * k) / people);
    for (let i = 0; i < clicksEach; ++i) {
      const next = performance.now() + everyMs;
      answers.push(await click(person, assets[k % assets.length], i));
      await sleep(Math.max(0, next - performance.now()));
    }
  };
  await Promise.all(Array.from({ length: people }, (_, k) => one(k)));
  return answers;
}

async function uploadAll(server, person, project, files) {
  const assets = [];
  for (let i = 0; i < files.length; i += 50) {
    const part = files.slice(i, i + 50).map((file) => [path.basename(file), readFileSync(file)]);
    assets.push(...(await expect(201, server.upload(person, project.id, part))).items);
  }
  return assets;
}

// Labels the project again and again while people click; how many images that were.
async function labelUntil(crowded, server, person, project) {
  let images = 0;
  while (!crowded.over) {
    const { job_id: id } = await expect(202, person.api('POST',
      `/projects/${project.id}/preannotations`, { json: { detector } }));
    const ended = server.job(person, id, 600_000);
    const running = () => Promise.race([ended.then(() => false), sleep(100).then(() => true)]);
    while (!crowded.over && await running());
    if (crowded.over) await person.api('POST', `/jobs/${id}/cancel`);
    images += (await ended).progress.done;
  }
  return images;
}

async function preempted(server) {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return [...text.matchAll(/^annotateai_inference_preemptions_total\{.*\} (\S+)$/gm)]
    .reduce((sum, match) => sum + Number(match[1]), 0);
}

export async function clickers() {
  const bare = new Bare();
  await bare.ask('load', 'detector', modelFile(detector, 'model.onnx'));
  const model = await bare.ask('bulk', 'detector', cores, 100);
  bare.stop();
  const run = (model.cpu_s / model.files) * 1e3;
  const measured = await withServer(async (server, person, project) => {
    const assets = await uploadAll(server, person, project, realPhotos());
    for (const asset of assets) {
      await expect(204, person.api('POST', `/assets/${asset.id}/prepare`));
    }
    await sleep(1500);  // embeddings are packed and stored half a second later
    const idle = [];
    for (let i = 0; i < idleClicks * people; ++i) {
      idle.push(await click(person, assets[i % assets.length], i));
      await sleep(20);
    }
    const bulk = await server.project(person, { name: 'Bulk' });
    await uploadAll(server, person, bulk, madePhotos('clickers', bulkPhotos, [640, 2000]));
    const crowded = { over: false };
    const labelled = labelUntil(crowded, server, person, bulk);
    await sleep(500);
    const from = performance.now();
    const busy = await crowd(person, assets);
    const seconds = (performance.now() - from) / 1e3;
    crowded.over = true;
    const images = await labelled;
    return { idle, busy, seconds, images, ended: await preempted(server) };
  });
  const limit = 2 * median(measured.idle) + run;
  console.log(`  idle: median ${ms(median(measured.idle))}, `
    + `95 % ${ms(quantile(measured.idle, 0.95))}; ${measured.busy.length} clicks beside bulk: `
    + `95 % ${ms(quantile(measured.busy, 0.95))}, `
    + `worst ${ms(Math.max(...measured.busy))}; ${measured.images} images labelled within `
    + `${measured.seconds.toFixed(0)} s, ${measured.ended} bulk runs ended for clicks`);
  return [{ what: `${people} people click beside bulk detection`, ours: ms(median(measured.busy)),
    baseline: `idle ${ms(median(measured.idle))}, bare bulk run ${ms(run)}`,
    rule: `2 x idle + run = ${ms(limit)}`, met: median(measured.busy) < limit }];
}
