// MediaPipe's own JavaScript solutions, run in Chromium on the pixels that ours see: the packages
// @mediapipe/hands, pose, selfie_segmentation and objectron, each whole.
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

import { packages, root } from './bench.mjs';
import { executablePath, haveBrowser } from '../../e2e/browser.mjs';

const { chromium } = createRequire(path.join(root, 'web/package.json'))('playwright-core');
const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' };

export const haveSolutions = haveBrowser && fs.existsSync(path.join(packages, '@mediapipe/pose'));

// In the page: one solution with its options on one photo. Masks come back as alpha, 0 to 255.
async function solve({ name, className, options, photo: { width, height, base64 } }) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const pixels = new ImageData(width, height);
  for (let i = 0; i < width * height; i += 1) {
    pixels.data.set(bytes.subarray(3 * i, 3 * i + 3), 4 * i);
    pixels.data[4 * i + 3] = 255;
  }
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  canvas.getContext('2d').putImageData(pixels, 0, 0);
  const solution = new window[className]({ locateFile: (file) => `/${name}/${file}` });
  solution.setOptions({ ...options, useCpuInference: true });
  const answer = new Promise((resolve) => {
    solution.onResults((results) => {
      const out = { ...results, image: undefined, segmentationMask: undefined };
      if (results.segmentationMask) {
        const mask = Object.assign(document.createElement('canvas'), { width, height });
        const context = mask.getContext('2d');
        context.drawImage(results.segmentationMask, 0, 0, width, height);
        const { data } = context.getImageData(0, 0, width, height);
        out.mask = Array.from({ length: width * height }, (_, i) => data[4 * i + 3]);
      }
      resolve(JSON.parse(JSON.stringify(out)));
    });
  });
  await solution.send({ image: canvas });
  const out = await answer;
  await solution.close();
  return out;
}

export class Solutions {
  async open() {
    this.server = http.createServer((request, response) => {
      const file = path.join(packages, '@mediapipe', path.normalize(decodeURI(request.url)));
      const extension = path.extname(file);
      if (request.url === '/') {
        response.setHeader('content-type', 'text/html').end('<!doctype html>');
      } else if (!fs.existsSync(file)) response.writeHead(404).end();
      else {
        response.setHeader('content-type', TYPES[extension] ?? 'application/octet-stream');
        fs.createReadStream(file).pipe(response);
      }
    });
    await new Promise((resolve) => { this.server.listen(0, '127.0.0.1', resolve); });
    this.browser = await chromium.launch({ executablePath, args: ['--no-sandbox',
      '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist'] });
  }

  async run(name, className, options, photo) {
    const page = await this.browser.newPage();
    try {
      const { port } = this.server.address();
      await page.goto(`http://127.0.0.1:${port}/`);
      await page.addScriptTag({ url: `/${name}/${name}.js` });
      const { width, height, data } = photo;
      const base64 = Buffer.from(data).toString('base64');
      return await page.evaluate(solve,
        { name, className, options, photo: { width, height, base64 } });
    } finally {
      await page.close();
    }
  }

  async close() {
    await this.browser.close();
    this.server.close();
  }
}
