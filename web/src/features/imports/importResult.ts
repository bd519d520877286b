import type { ImportProblem, ImportResult } from '@/net/api';

/** Reads the result of an import job; what is missing counts as none. */
export function readImportResult(result: unknown): ImportResult {
  const fields = (typeof result === 'object' && result !== null ? result : {}) as Record<
    string,
    unknown
  >;
  const problems = Array.isArray(fields.problems) ? fields.problems.flatMap(readProblem) : [];
  return { imported: countOf(fields.imported), skipped: countOf(fields.skipped), problems };
}

function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function readProblem(value: unknown): ImportProblem[] {
  if (typeof value !== 'object' || value === null) return [];
  const { where, detail } = value as Record<string, unknown>;
  return [{ where: String(where ?? ''), detail: String(detail ?? '') }];
}
