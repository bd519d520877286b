// A photo as a phone held upright stores it: sensor rows sideways and a note (EXIF orientation 6)
// to turn them by a quarter clockwise. Goes through the whole product, upload and click over HTTP;
// the reference turns its pixels itself.
import fs from 'node:fs';

import { TestServer } from '../../functional/harness.mjs';

// One IFD with the tag 0x0112, little-endian, in an APP1 segment right after the start of image.
export function tagOrientation(jpeg, orientation) {
  const tiff = Buffer.alloc(26);
  tiff.write('II');
  tiff.writeUInt16LE(42, 2);
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(1, 8);
  tiff.writeUInt16LE(0x0112, 10);
  tiff.writeUInt16LE(3, 12);
  tiff.writeUInt32LE(1, 14);
  tiff.writeUInt16LE(orientation, 18);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

// COCO's compressed counts: 5 bits a character from the lowest on, differences from the third run.
export function runsOfCounts(counts) {
  const runs = [];
  for (let at = 0; at < counts.length;) {
    let value = 0;
    let bits;
    let shift = 0;
    do {
      bits = counts.charCodeAt(at) - 48;
      at += 1;
      value |= (bits & 31) << shift;
      shift += 5;
    } while (bits & 32);
    if (bits & 16) value |= -1 << shift;
    runs.push(runs.length > 2 ? value + runs[runs.length - 2] : value);
  }
  return runs;
}

const requestOf = (prompts) => prompts.reduce((request, prompt) => {
  if (prompt.startsWith('box:')) return { ...request, box: prompt.slice(4).split(',').map(Number) };
  const [x, y] = prompt.slice(1).split(',').map(Number);
  const point = { x, y, label: prompt[0] === '+' ? 1 : 0 };
  return { ...request, points: [...(request.points ?? []), point] };
}, {});

export class OrientedPhotos {
  assets = new Map();

  async open() {
    this.server = await TestServer.start();
    this.person = await this.server.person();
    this.project = await this.server.project(this.person);
  }

  async close() { await this.server?.stop(); }

  async asset(file) {
    if (!this.assets.has(file)) {
      const bytes = tagOrientation(fs.readFileSync(file), 6);
      const { body, status, text } = await this.server.upload(this.person, this.project.id,
        [[`oriented-${this.assets.size}.jpg`, bytes]]);
      if (status !== 201 || body.items.length !== 1) throw new Error(`upload: ${text}`);
      this.assets.set(file, body.items[0]);
    }
    return this.assets.get(file);
  }

  // {size, runs, score, area} as inference_tool prints them.
  async segment(file, prompts) {
    const asset = await this.asset(file);
    const answer = await this.person.api('POST', '/inference/segment',
      { json: { asset_id: asset.id, ...requestOf(prompts) } });
    if (answer.status !== 200) throw new Error(`segment: ${answer.text}`);
    const [best] = answer.body.masks;
    return { size: best.rle.size, runs: runsOfCounts(best.rle.counts), score: best.score,
      area: best.area, sides: [asset.width, asset.height] };
  }
}
