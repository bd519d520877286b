// Runs @vladmandic/human, whole, on photos and prints its results as JSON:
//
//   NODE_PATH=.../tfjs/node_modules node human_run.cjs PACKAGE PHOTO.ppm...
//
// A process of its own, since the package asks for TensorFlow.js by name.
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const [, , home, ...files] = process.argv;
const tf = require('@tensorflow/tfjs-core');
const { Human } = require(path.join(home, 'dist/human.node-wasm.js'));

function readPpm(file) {
  const bytes = fs.readFileSync(file);
  const start = bytes.subarray(0, 64).toString('latin1');
  const [head, width, height] = /^P6\n(\d+) (\d+)\n255\n/.exec(start);
  return { width: Number(width), height: Number(height), data: bytes.subarray(head.length) };
}

const models = http.createServer((request, response) => {
  const file = path.join(home, 'models', path.basename(decodeURI(request.url)));
  if (!fs.existsSync(file)) response.writeHead(404).end();
  else fs.createReadStream(file).pipe(response);
});

async function main() {
  await new Promise((resolve) => { models.listen(0, '127.0.0.1', resolve); });
  const wasm = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  const human = new Human({ backend: 'wasm', wasmPath: `${wasm}/dist/`,
    modelBasePath: `http://127.0.0.1:${models.address().port}/`,
    debug: false, async: false, warmup: 'none', cacheSensitivity: 0, filter: { enabled: false },
    face: { detector: { maxDetected: 20, minConfidence: 0.5, iouThreshold: 0.3 },
      iris: { enabled: false } },
    hand: { enabled: false }, gesture: { enabled: false }, segmentation: { enabled: false } });
  await human.init();
  const results = [];
  for (const file of files) {
    const { width, height, data } = readPpm(file);
    const image = tf.tensor(Uint8Array.from(data), [1, height, width, 3], 'float32');
    const { face, body } = await human.detect(image);
    results.push({ faces: face.map(({ boxScore, mesh, gender }) => (
      { score: boxScore, mesh, gender })),
    bodies: body.map(({ keypoints }) => (
      keypoints.map(({ part, position }) => ({ part, position })))) });
  }
  fs.writeSync(1, `\n${JSON.stringify(results)}\n`);
  process.exit(0);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
