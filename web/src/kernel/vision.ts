/**
 * The typed face of the second WebAssembly module: wand, scissors and superpixels on the pixels of
 * one picture. Only its worker loads it, when one of these tools is first used.
 */

/** A picture in the module's memory, to be released with `delete`. */
export interface RawPicture {
  /** RGBA to be filled; like `mask` and `labels` good until the next call. */
  pixels(): Uint8Array;
  wand(x: number, y: number, tolerance: number, contiguous: boolean): void;
  mask(): Uint8Array;
  superpixels(cell: number): number;
  labels(): Uint32Array;
  grow(x: number, y: number): void;
  path(x: number, y: number): Int32Array;
  delete(): void;
}

export interface RawVision {
  Picture: new (width: number, height: number) => RawPicture;
}

interface VisionModule {
  default(options?: { locateFile?: (path: string) => string }): Promise<RawVision>;
}

const kModules = import.meta.glob<VisionModule>('./generated/vision.js');
const kBinaries = import.meta.glob<string>('./generated/vision.wasm', {
  query: '?url',
  import: 'default',
});

/** @throws Error when the WebAssembly files are missing or refused. */
export async function loadVision(): Promise<RawVision> {
  const [loadModule] = Object.values(kModules);
  const [loadBinary] = Object.values(kBinaries);
  if (!loadModule || !loadBinary) {
    throw new Error('vision.wasm is missing from this build; run script/build_wasm.');
  }
  const [module, wasmUrl] = await Promise.all([loadModule(), loadBinary()]);
  return module.default({ locateFile: () => wasmUrl });
}
