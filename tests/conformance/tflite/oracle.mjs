// TensorFlow Lite itself, compiled to WebAssembly in @tensorflow/tfjs-tflite, in Debian's Chromium:
// a page that loads a model, fills its inputs and gives back its outputs.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '../../e2e/browser.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const wasm = path.join(here, 'node_modules/@tensorflow/tfjs-tflite/wasm');
const page = '<!doctype html><script src="/wasm/tflite_web_api_client.js"></script>';
const types = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

function serve(models) {
  return http.createServer((request, response) => {
    const [, folder, name] = request.url.split('/');
    if (folder === 'model' && models.has(name)) return response.end(models.get(name));
    const file = path.join(wasm, path.basename(name ?? ''));
    if (folder === 'wasm' && fs.existsSync(file)) {
      response.setHeader('content-type', types[path.extname(file)] ?? 'text/plain');
      return response.end(fs.readFileSync(file));
    }
    response.statusCode = request.url === '/' ? 200 : 404;
    response.setHeader('content-type', 'text/html');
    return response.end(request.url === '/' ? page : '');
  });
}

// Runs in the page. Numbers travel as base64 of their bytes.
async function inPage({ url, inputs }) {
  const toBase64 = (bytes) => {
    let text = '';
    for (let i = 0; i < bytes.length; i += 8192) {
      text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    }
    return btoa(text);
  };
  const view = (tensor) => {
    const data = tensor.data();
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  };
  self.tfweb.tflite_web_api.setWasmPath('/wasm/');
  const model = await (await fetch(url)).arrayBuffer();
  const runner = await self.tfweb.TFLiteWebModelRunner.create(model, { numThreads: 1 });
  runner.getInputs().forEach((tensor, i) =>
    view(tensor).set(Uint8Array.from(atob(inputs[i]), (c) => c.charCodeAt(0))));
  if (!runner.infer()) throw new Error('TensorFlow Lite refused to run the model');
  const outputs = runner.getOutputs().map((tensor) => ({ name: tensor.name, shape: tensor.shape,
    type: tensor.dataType, bytes: toBase64(view(tensor)) }));
  runner.cleanUp();
  return outputs;
}

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array, uint8: Uint8Array,
  int8: Int8Array, int64: BigInt64Array };

export async function openOracle() {
  const models = new Map();
  const server = serve(models).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const browser = await openBrowser();
  const tab = await browser.newPage();
  await tab.goto(`http://127.0.0.1:${server.address().port}/`);
  return {
    // `inputs` are typed arrays in the model's order; outputs come in the model's order too.
    async run(model, inputs) {
      models.set('m', model);
      const texts = inputs.map((a) =>
        Buffer.from(a.buffer, a.byteOffset, a.byteLength).toString('base64'));
      const outputs = await tab.evaluate(inPage, { url: '/model/m', inputs: texts });
      return outputs.map(({ bytes, shape, type, name }) => {
        const raw = Uint8Array.from(Buffer.from(bytes, 'base64'));
        return { name, shape: shape === '' ? [] : shape.split(',').map(Number), type,
          values: Float64Array.from(new arrays[type](raw.buffer), Number) };
      });
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
