/** The real module for tests in Node; null where script/build_wasm has not run. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { RawVision } from './vision';

interface Factory {
  default(options: { wasmBinary: Uint8Array }): Promise<RawVision>;
}

export async function loadTestVision(): Promise<RawVision | null> {
  const script = fileURLToPath(new URL('./generated/vision.js', import.meta.url));
  const binary = fileURLToPath(new URL('./generated/vision.wasm', import.meta.url));
  if (!existsSync(script) || !existsSync(binary)) {
    console.warn('vision not built (script/build_wasm): tests on it are skipped');
    return null;
  }
  const module = (await import(/* @vite-ignore */ pathToFileURL(script).href)) as Factory;
  return module.default({ wasmBinary: readFileSync(binary) });
}
