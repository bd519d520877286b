/** What a person keeps in hand from one image to the next; per project, for this visit. */
import type { MaskForm, ToolId } from '@/editor/editor';

export interface Carried {
  tool: ToolId;
  labelName: string | null;
  maskForm: MaskForm | null;
  /** Suggestions below this score are not shown. */
  minScore: number;
  /** What looks similar, but less than this, is not shown. */
  likeness: number;
}

const kDefault: Carried = {
  tool: 'select',
  labelName: null,
  maskForm: null,
  minScore: 0.35,
  likeness: 0.6,
};
const carried = new Map<string, Carried>();

export function carriedFor(projectId: string): Carried {
  return carried.get(projectId) ?? kDefault;
}

export function carry(projectId: string, part: Partial<Carried>): void {
  carried.set(projectId, { ...carriedFor(projectId), ...part });
}
