/** The real kernel for tests in Node; null where script/build_wasm has not run. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { wrapKernel, type Kernel, type RawKernel } from './kernel';

interface Factory {
  default(options: { wasmBinary: Uint8Array }): Promise<RawKernel>;
}

export async function loadTestKernel(): Promise<Kernel | null> {
  // Not by `new URL`: where tests have a page, that is an address of the page.
  const folder = join(dirname(fileURLToPath(import.meta.url)), 'generated');
  const script = join(folder, 'kernel.js');
  const binary = join(folder, 'kernel.wasm');
  if (!existsSync(script) || !existsSync(binary)) {
    console.warn('kernel not built (script/build_wasm): tests of the editor on it are skipped');
    return null;
  }
  const module = (await import(/* @vite-ignore */ pathToFileURL(script).href)) as Factory;
  return wrapKernel(await module.default({ wasmBinary: readFileSync(binary) }));
}
