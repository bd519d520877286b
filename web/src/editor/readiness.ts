/** How far the model behind the AI tool is with this image. */
export type Readiness =
  | { state: 'idle' | 'reading' | 'ready' }
  /** `missing`: no installed model can do it. */
  | { state: 'failed'; missing: boolean; detail: string };

export function failedBecause(error: unknown): Readiness {
  const code = error instanceof Error ? (Reflect.get(error, 'code') as unknown) : null;
  const detail = error instanceof Error ? error.message : String(error);
  return { state: 'failed', missing: code === 'model_not_installed', detail };
}
