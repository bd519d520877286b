// Crowded images in a real server: seeded polygons over a photo, put in by operations over HTTP.
import { readFileSync } from 'node:fs';

import { uuidv7 } from '../../tests/functional/harness.mjs';
import { expect, madePhotos, sleep } from '../machine.mjs';

export const width = 3840;
export const height = 2160;
const batch = 1000;
const radius = 22;

export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function polygons(count, vertices, seed = 1) {
  const next = random(seed);
  return Array.from({ length: count }, () => {
    const cx = radius + next() * (width - 2 * radius);
    const cy = radius + next() * (height - 2 * radius);
    return Array.from({ length: vertices }, (_, i) => {
      const angle = (2 * Math.PI * i) / vertices;
      const reach = radius * (0.7 + 0.3 * next());
      return [
        Math.round((cx + reach * Math.cos(angle)) * 4) / 4,
        Math.round((cy + reach * Math.sin(angle)) * 4) / 4,
      ];
    });
  });
}

export const photo = () => readFileSync(madePhotos('web', 1, [width, width], height)[0]);

// A busy machine may keep the database from answering in time.
async function patient(ask) {
  for (let tries = 0; tries < 20; ++tries) {
    const answer = await ask();
    if (answer.status === 200) return;
    if (answer.status !== 503) await expect(200, Promise.resolve(answer));
    await sleep(500);
  }
  throw new Error('the database stays busy');
}

export async function crowdedAsset(server, person, project, points) {
  const { items } = await expect(201, server.upload(person, project.id, [['crowd.jpg', photo()]]));
  const [asset] = items;
  const shapes = points.map((ring) =>
    ring.length === 2
      ? { type: 'box', x: ring[0][0], y: ring[0][1], width: ring[1][0], height: ring[1][1] }
      : { type: 'polygon', parts: [{ points: ring, holes: [] }] },
  );
  for (let from = 0; from < shapes.length; from += batch) {
    const operations = shapes.slice(from, from + batch).map((shape, i) => ({
      id: uuidv7(),
      op: 'put',
      annotation: {
        id: uuidv7(),
        shape,
        attributes: {},
        label_id: project.labels[(from + i) % project.labels.length].id,
      },
    }));
    await patient(() =>
      person.api('POST', `/assets/${asset.id}/operations`, {
        json: { base_revision: from, operations },
      }),
    );
  }
  return asset;
}

// A hundred thousand small ones: mostly boxes, as detectors make them.
export function boxes(count, seed = 2) {
  const next = random(seed);
  return Array.from({ length: count }, () => [
    [Math.floor(next() * (width - 40)), Math.floor(next() * (height - 40))],
    [6 + Math.floor(next() * 24), 6 + Math.floor(next() * 24)],
  ]);
}
