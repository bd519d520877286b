// Imports every TFLite model of the zoo that is installed, runs the ONNX file in ONNX Runtime and
// the original in TensorFlow's own runtime on the same photos, and holds each output to 1e-4 of its
// range (models.mjs names the one that is given more); before that, models of one operator each.
//
//   ANNOTATEAI_TEST_DATA       folder with photos/*.jpg
//   ANNOTATEAI_MODEL_PACKAGES  node_modules folder with the model packages
//   ANNOTATEAI_TFLITE_IMPORT   the tflite_import_tool program
//   ANNOTATEAI_TEST_CHROMIUM   the browser (/usr/bin/chromium)
// Arguments: ids of models, or `ops` for the single operators; none means all.
// Exit code 1 when anything differs.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ort from 'onnxruntime-node';
import { haveBrowser } from '../../e2e/browser.mjs';
import { distance } from '../tfjs/compare.mjs';
import { chances, readFile, readModels, tolerances } from './models.mjs';
import { checkOps, operators } from './ops.mjs';
import { openOracle } from './oracle.mjs';
import { readPhoto } from './photo.mjs';
import { endsInOwnOperator, runSelfie } from './selfie.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const packages = process.env.ANNOTATEAI_MODEL_PACKAGES ??
  path.join(root, 'third_party/model_packages/node_modules');
const tool = process.env.ANNOTATEAI_TFLITE_IMPORT ?? path.join(root, 'build/tflite_import_tool');
const photos = process.env.ANNOTATEAI_TEST_DATA;
const photoNames = ['coco_000000000785.jpg', 'coco_000000000885.jpg', 'dog.jpg'];
const tolerance = 1e-4;

async function check(oracle, manifest, bytes, folder) {
  const from = path.join(folder, 'model.tflite'), to = path.join(folder, 'model.onnx');
  fs.writeFileSync(from, bytes);
  execFileSync(tool, [from, to], { stdio: 'pipe' });
  const session = await ort.InferenceSession.create(to);
  const [[input, shape]] = Object.entries(manifest.inputs.model);
  const { scale, offset } = manifest.preprocess;
  const figures = [];
  for (const photo of photoNames) {
    const file = path.join(photos, 'photos', photo);
    const data = readPhoto(file, shape[2], shape[1], (v) => v * scale + offset);
    const reference = endsInOwnOperator(bytes) ? await runSelfie(oracle, bytes, data)
      : await oracle.run(bytes, [data]);
    const ours = await session.run({ [input]: new ort.Tensor('float32', data, shape) });
    session.outputNames.forEach((name, i) => {
      const range = chances[manifest.family]?.includes(name) ? 1 : undefined;
      if (ours[name].dims.join() !== reference[i].shape.join()) throw new Error('shapes differ');
      const values = Float64Array.from(ours[name].data);
      figures.push({ photo, name, distance: distance(reference[i].values, values, range),
        most: tolerances[manifest.family]?.[name] ?? tolerance });
    });
  }
  await session.release();
  return figures;
}

async function checkModel(oracle, manifest, folder) {
  const bytes = readFile(manifest, packages);
  if (!bytes) return `skip ${manifest.id}: ${manifest.files[0].source.npm} is not installed`;
  const figures = await check(oracle, manifest, bytes, folder);
  const worst = figures.reduce((a, b) => (b.distance <= a.distance ? a : b));
  const bad = figures.filter((f) => !(f.distance <= f.most));
  bad.forEach((f) => console.log(`  ${f.photo} ${f.name}: ${f.distance.toExponential(2)}`));
  return `${bad.length ? 'FAIL' : 'ok  '} ${manifest.id}: ` +
    `${worst.distance.toExponential(2)} of range (${worst.name}, ${figures.length} outputs)`;
}

const wanted = process.argv.slice(2);
const counts = { 'ok  ': 0, FAIL: 0, skip: 0 };
const report = (line) => {
  console.log(line);
  ++counts[line.slice(0, 4)];
};
const models = readModels(root).filter((m) => !wanted.length || wanted.includes(m.id));
const withOps = !wanted.length || wanted.includes('ops');
if (!haveBrowser) {
  console.log('skip all: there is no Chromium to run TensorFlow Lite in');
  counts.skip += models.length + (withOps ? operators.length : 0);
} else {
  const oracle = await openOracle();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tflite-conformance-'));
  try {
    if (withOps) await checkOps(oracle, tool, folder, report);
    for (const manifest of models) {
      report(photos ? await checkModel(oracle, manifest, folder)
        .catch((error) => `FAIL ${manifest.id}: ${(error.stderr ?? error.stack).toString()}`)
        : `skip ${manifest.id}: ANNOTATEAI_TEST_DATA is not set, no photos to compare on`);
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
    await oracle.close();
  }
}
console.log(`${counts['ok  ']} passed, ${counts.FAIL} failed, ${counts.skip} skipped`);
process.exitCode = counts.FAIL ? 1 : 0;
