// The TFLite models of the zoo: manifests whose converter is `tflite`, with the bytes of their file
// out of the installed packages.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

// Outputs that are one number are compared by what they may be, not by what they are: chances.
export const chances = { blazepose_landmarks: ['Identity_1'], objectron: ['Identity'],
  hand_landmarks_mp: ['Identity_1', 'Identity_2'] };

// The logits of BlazePose's segmentation reach a thousand. They hang on the order of sums: ONNX
// Runtime differs from itself without its optimisations by up to 2.3e-4 of their range.
export const tolerances = { blazepose_landmarks: { Identity_2: 5e-4 } };

export function readModels(root) {
  const folder = path.join(root, 'models');
  return fs.readdirSync(folder).filter((name) => name.endsWith('.json')).sort()
    .map((name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')))
    .filter((manifest) => manifest.converter?.kind === 'tflite');
}

// Null where the package is not installed.
export function readFile(manifest, packages) {
  const { source, sha256 } = manifest.files[0];
  const name = source.npm.slice(0, source.npm.lastIndexOf('@'));
  const file = path.join(packages, name, source.path);
  if (!fs.existsSync(file)) return null;
  const whole = fs.readFileSync(file);
  const { offset, length } = source.slice ?? { offset: 0, length: whole.length };
  const bytes = whole.subarray(offset, offset + length);
  const found = crypto.createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) throw new Error(`${source.path} has SHA-256 ${found}, not ${sha256}`);
  return bytes;
}
