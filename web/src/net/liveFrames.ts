/**
 * What the server may say over the socket. Frames are checked as far as the page relies on them;
 * operations are checked by the kernel when they are applied. An unknown kind of frame is nothing.
 */
import * as v from 'valibot';
import type { Snapshot } from '../kernel/records';
import type { LiveLock, LiveMember, RemoteOperation } from './liveTypes';

const revision = v.pipe(v.number(), v.integer(), v.minValue(0));
const operation = v.custom<RemoteOperation>(
  (value) =>
    v.is(v.looseObject({ id: v.string(), op: v.string(), revision, created_by: v.any() }), value),
  'not an operation of the log',
);
const stored = v.union([operation, v.object({ id: v.string(), revision })]);
const person = v.object({ id: v.string(), name: v.string(), color: v.string() });
const point = v.tuple([v.number(), v.number()]);
const member: v.GenericSchema<unknown, LiveMember> = v.object({
  s: v.string(),
  user: person,
  cursor: v.optional(v.nullable(point), null),
  selection: v.optional(v.array(v.string()), []),
  tool: v.optional(v.string(), ''),
  view: v.optional(v.nullable(v.tuple([v.number(), v.number(), v.number()])), null),
  frame: v.optional(v.nullable(v.number()), null),
});
const locks: v.GenericSchema<unknown, LiveLock[]> = v.array(
  v.object({ target: v.string(), s: v.string() }),
);
const snapshot = v.custom<Snapshot>((value) =>
  v.is(v.object({ revision, items: v.array(v.looseObject({ id: v.string() })) }), value),
);
const dropped = v.object({
  id: v.string(),
  code: v.string(),
  rule: v.optional(v.string(), ''),
  detail: v.optional(v.string(), ''),
});

const kFrames = v.variant('t', [
  v.object({
    t: v.literal('welcome'),
    session: v.string(),
    user: person,
    can_write: v.boolean(),
    revision,
    snapshot: v.optional(snapshot),
    operations: v.optional(v.array(operation), []),
    members: v.array(member),
    locks,
  }),
  v.object({
    t: v.literal('ack'),
    n: v.number(),
    revision,
    stored: v.array(stored),
    dropped: v.optional(v.array(dropped), []),
  }),
  v.object({ t: v.literal('ops'), revision, operations: v.array(operation) }),
  v.object({
    t: v.literal('presence'),
    members: v.optional(v.array(member), []),
    left: v.optional(v.array(v.string()), []),
  }),
  v.object({ t: v.literal('locks'), locks }),
  v.object({ t: v.literal('thread'), thread: v.unknown() }),
  v.object({
    t: v.literal('error'),
    n: v.optional(v.number()),
    code: v.string(),
    detail: v.optional(v.string(), ''),
    /** The same may be sent again after so long. */
    retry_ms: v.optional(v.number()),
  }),
  v.object({ t: v.literal('resync'), reason: v.optional(v.string(), '') }),
  v.object({ t: v.literal('pong') }),
]);

export type ServerFrame = v.InferOutput<typeof kFrames>;
export type WelcomeFrame = Extract<ServerFrame, { t: 'welcome' }>;

/** Without one of these the document is not known. */
const kNeeded: ReadonlySet<unknown> = new Set(['welcome', 'ack', 'ops']);

/**
 * Null for what can be done without: an unknown kind of frame, or one that is not as expected.
 * @throws Error for what is no JSON, or a frame that the document depends on and cannot be read.
 */
export function readFrame(text: string): ServerFrame | null {
  const frame: unknown = JSON.parse(text);
  const read = v.safeParse(kFrames, frame);
  if (read.success) return read.output;
  if (typeof frame !== 'object' || frame === null || kNeeded.has(Reflect.get(frame, 't'))) {
    throw new Error(`unreadable frame: ${v.summarize(read.issues)}`);
  }
  return null;
}
