/** The real kernel for tests in Node; null where script/build_wasm has not run. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { wrapKernel, type Kernel, type RawKernel } from './kernel';

interface Factory {
  default(options: { wasmBinary: Uint8Array }): Promise<RawKernel>;
}

export async function loadTestKernel(): Promise<Kernel | null> {
  const script = fileURLToPath(new URL('./generated/kernel.js', import.meta.url));
  const binary = fileURLToPath(new URL('./generated/kernel.wasm', import.meta.url));
  if (!existsSync(script) || !existsSync(binary)) {
    console.warn('kernel not built (script/build_wasm): tests of the editor on it are skipped');
    return null;
  }
  const module = (await import(/* @vite-ignore */ pathToFileURL(script).href)) as Factory;
  return wrapKernel(await module.default({ wasmBinary: readFileSync(binary) }));
}
