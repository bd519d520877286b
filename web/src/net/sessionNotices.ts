/**
 * What a person is told when one of his changes did not stand. When others deleted what he was
 * changing, it can be brought back as he had it last.
 */
import type { Annotation, Operation, OperationDraft } from '../kernel/records';
import type { RemoteOperation } from './liveTypes';
import { targetOf } from './operations';
import type { Lost } from './sessionQueue';

/** `code` is stable and translated above. */
export interface SessionNotice {
  code: string;
  /** Of docs/live-protocol.md; empty when nobody else is the cause. */
  rule: string;
  detail: string;
  operations: Operation[];
  /** The user whose operation it was that made these fall away. */
  by: string | null;
  /** What brings the objects back; empty where that makes no sense. */
  restore: OperationDraft[];
}

export function plainNotice(code: string, detail: string, operations: Operation[]): SessionNotice {
  return { code, rule: '', detail, operations, by: null, restore: [] };
}

/** Who deleted what, and how it looked here before; enough to tell and to restore. */
export class Deletions {
  private readonly known = new Map<string, { by: string; last: Annotation | null }>();

  /** To be called while `last`, the annotation as this person sees it, still is there. */
  note(remote: RemoteOperation, last: Annotation | null): void {
    if (remote.op === 'del') this.known.set(remote.target, { by: remote.created_by, last });
    else if (remote.op === 'put') this.known.delete(remote.annotation.id);
  }

  /** One notice per object, however many of its changes fell away. */
  explain(lost: readonly Lost[]): SessionNotice[] {
    const notices = new Map<string, SessionNotice>();
    for (const each of lost) {
      const target = targetOf(each.operation);
      const known = notices.get(target);
      if (known) known.operations.push(each.operation);
      else notices.set(target, this.noticeOf(target, each));
    }
    return [...notices.values()].filter(({ operations }) => !operations.every(isDeletion));
  }

  private noticeOf(target: string, { operation, rule, code }: Lost): SessionNotice {
    const deletion = this.known.get(target);
    const gone = deletion !== undefined || rule === 'R2';
    const notice = plainNotice(gone ? 'target_gone' : (code ?? 'overruled'), '', [operation]);
    const restore: OperationDraft[] = deletion?.last
      ? [{ op: 'put', annotation: deletion.last }]
      : [];
    return { ...notice, rule, by: deletion?.by ?? null, restore };
  }
}

/** Deleted by both: nobody misses anything. */
function isDeletion(operation: Operation): boolean {
  return operation.op === 'del';
}
