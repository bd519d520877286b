// People and objects: our families against the same graphs in onnxruntime-node, read by decoders
// written here from the papers and the options of the original graphs.
//
//   node run.mjs
//
// Each side samples the photo, decodes, and gives its own regions to the next model. Boxes: IoU >=
// 0.98; scores within 0.01; points within 1 pixel of the model's input; masks IoU >= 0.98;
// embeddings cosine >= 0.9999. MediaPipe's own solutions and @vladmandic/human are held against as
// well, each whole. Photos: of $ANNOTATEAI_TEST_DATA and of @vladmandic/human. What is absent is
// skipped.
import { bodies } from './bodies.mjs';
import { counts, samplePhoto, skip, testPhoto } from './bench.mjs';
import { faces } from './faces.mjs';
import { hands } from './hands.mjs';
import { human } from './human.mjs';
import { mediapipe } from './mediapipe.mjs';
import { things } from './things.mjs';

const face = samplePhoto('face');
const body = samplePhoto('body');
const photo = (name) => testPhoto(name) ?? skip(name, 'no test data (ANNOTATEAI_TEST_DATA)');
const players = ['coco_000000001000.jpg', 'coco_000000000885.jpg', 'coco_000000000872.jpg',
  'coco_000000000785.jpg'].map(photo).filter(Boolean);
const rooms = ['coco_000000000139.jpg', 'dog.jpg', 'groceries.jpg'].map(photo).filter(Boolean);

await faces([face, body, ...players].filter(Boolean));
await bodies([body, ...players].filter(Boolean));
await hands([body, ...players].filter(Boolean));
await things([...rooms, ...players.slice(0, 1)]);
const whole = { face, body, skier: testPhoto('coco_000000000785.jpg'), dog: testPhoto('dog.jpg') };
await human(whole);
await mediapipe(whole);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;
