/** One function per route of the contract. */
import type {
  Analysis,
  Asset,
  Benchmark,
  DuplicateGroup,
  EmbeddingsState,
  ExportInput,
  FoundAsset,
  Job,
  JobAccepted,
  JobState,
  Label,
  Me,
  Model,
  Page,
  PreannotationInput,
  Project,
  ProjectInput,
  QueueItem,
  QueueStrategy,
  SearchBasis,
} from './api';
import { apiUrl, call, randomKey, request } from './http';

const id = encodeURIComponent;

export interface LoginInput {
  email: string;
  password: string;
  otp?: string;
  /** Where to go; else the first organization of the person. */
  organization_id?: string;
}

export interface RegisterInput {
  email: string;
  password: string;
  name: string;
  organization: string;
}

export async function login(input: LoginInput): Promise<void> {
  // The reply also holds tokens for API clients; the browser lives by the cookie alone.
  await call('/auth/login', { method: 'POST', body: input });
}

export async function register(input: RegisterInput): Promise<void> {
  await call('/auth/register', { method: 'POST', body: input });
}

/** Where to go on to sign out at the identity provider as well, when there is such a place. */
export async function logout(): Promise<string | undefined> {
  const answer = await call<{ url: string } | undefined>('/auth/logout', {
    method: 'POST',
    body: {},
  });
  return answer?.url;
}

export function getMe(signal?: AbortSignal): Promise<Me> {
  return call('/auth/me', { signal });
}

export function retryJob(jobId: string): Promise<Job> {
  return call(`/jobs/${id(jobId)}/retry`, { method: 'POST', body: {} });
}

export function listProjects(
  options: { cursor?: string; limit?: number },
  signal?: AbortSignal,
): Promise<Page<Project>> {
  return call('/projects', { query: options, signal });
}

export interface ProjectWithEtag extends Project {
  etag: string | null;
}

export async function getProject(
  projectId: string,
  signal?: AbortSignal,
): Promise<ProjectWithEtag> {
  const { data, etag } = await request<Project>(`/projects/${id(projectId)}`, { signal });
  return { ...data, labels: data.labels ?? [], etag };
}

export function createProject(input: ProjectInput, key: string): Promise<Project> {
  return call('/projects', { method: 'POST', body: input, headers: { 'Idempotency-Key': key } });
}

/** The organization's demo project, made by the first call. */
export function openDemo(): Promise<Project> {
  return call('/projects/demo', { method: 'POST', body: {} });
}

export interface ProjectPatch {
  name?: string;
  labels?: (Omit<Label, 'id'> & { id?: string })[];
}

export function updateProject(
  projectId: string,
  patch: ProjectPatch,
  etag: string | null,
): Promise<Project> {
  return call(`/projects/${id(projectId)}`, {
    method: 'PATCH',
    body: patch,
    headers: etag ? { 'If-Match': etag } : undefined,
  });
}

export function deleteProject(projectId: string): Promise<void> {
  return call(`/projects/${id(projectId)}`, { method: 'DELETE' });
}

export function listAssets(
  projectId: string,
  options: { cursor?: string; limit?: number },
  signal?: AbortSignal,
): Promise<Page<Asset>> {
  return call(`/projects/${id(projectId)}/assets`, { query: options, signal });
}

export function thumbnailUrl(asset: Asset, size: 'small' | 'large' = 'small'): string {
  return asset.thumbnail_url ?? apiUrl(`/assets/${id(asset.id)}/thumbnail`, { size });
}

export function listModels(signal?: AbortSignal): Promise<Page<Model>> {
  return call('/models', { signal });
}

export function getModel(modelId: string, signal?: AbortSignal): Promise<Model> {
  return call(`/models/${id(modelId)}`, { signal });
}

export const modelsPath = '/models';

export function installModel(modelId: string): Promise<JobAccepted> {
  return call(`/models/${id(modelId)}/install`, { method: 'POST', body: {} });
}

export function deleteModel(modelId: string): Promise<void> {
  return call(`/models/${id(modelId)}`, { method: 'DELETE' });
}

export interface RemoteModelInput {
  name: string;
  url: string;
}

export function addRemoteModel(input: RemoteModelInput): Promise<Model> {
  return call('/models/remote', { method: 'POST', body: input });
}

export function getBenchmark(modelId: string, signal?: AbortSignal): Promise<Benchmark> {
  return call(`/models/${id(modelId)}/benchmark`, { signal });
}

export function startBenchmark(modelId: string): Promise<JobAccepted> {
  return call(`/models/${id(modelId)}/benchmark`, { method: 'POST', body: {} });
}

/** What a model says of a picture that is not kept. */
export function analyzeFile(
  file: File,
  modelId: string,
  minScore: number,
  signal?: AbortSignal,
): Promise<Analysis> {
  const form = new FormData();
  form.set('model', modelId);
  form.set('min_score', String(minScore));
  form.set('file', file);
  return call('/inference/analyze', { method: 'POST', body: form, signal });
}

export function getEmbeddings(projectId: string, signal?: AbortSignal): Promise<EmbeddingsState> {
  return call(`/projects/${id(projectId)}/embeddings`, { signal });
}

export function startEmbeddings(projectId: string): Promise<JobAccepted> {
  return call(`/projects/${id(projectId)}/embeddings`, { method: 'POST', body: {} });
}

export interface SearchReply {
  items: FoundAsset[];
  basis: SearchBasis;
}

export function searchAssets(
  projectId: string,
  query: { text?: string; asset_id?: string; annotation_id?: string; limit?: number },
  signal?: AbortSignal,
): Promise<SearchReply> {
  return call(`/projects/${id(projectId)}/search`, { query, signal });
}

export function listDuplicates(
  projectId: string,
  minSimilarity: number | null,
  signal?: AbortSignal,
): Promise<{ groups: DuplicateGroup[]; basis: SearchBasis; min_similarity: number }> {
  const query = { min_similarity: minSimilarity };
  return call(`/projects/${id(projectId)}/duplicates`, { query, signal });
}

export function listQueue(
  projectId: string,
  query: { strategy: QueueStrategy; limit?: number },
  signal?: AbortSignal,
): Promise<{ items: QueueItem[] }> {
  return call(`/projects/${id(projectId)}/queue`, { query, signal });
}

export function propagate(assetId: string): Promise<{ suggestions: number; assets: number }> {
  return call(`/assets/${id(assetId)}/propagate`, { method: 'POST', body: {} });
}

export function startPreannotation(
  projectId: string,
  input: PreannotationInput,
): Promise<JobAccepted> {
  return call(`/projects/${id(projectId)}/preannotations`, {
    method: 'POST',
    body: input,
    headers: { 'Idempotency-Key': randomKey() },
  });
}

export interface JobQuery {
  project_id?: string;
  state?: JobState;
  /** Of kinds: preannotation, export, import, index, model, other. */
  group?: string;
  mine?: true;
  limit?: number;
  cursor?: string;
}

export function listJobs(options: JobQuery, signal?: AbortSignal): Promise<Page<Job>> {
  return call('/jobs', { query: { ...options }, signal });
}

export function getJob(jobId: string, signal?: AbortSignal): Promise<Job> {
  return call(`/jobs/${id(jobId)}`, { signal });
}

export function jobEventsUrl(jobId: string): string {
  return apiUrl(`/jobs/${id(jobId)}/events`);
}

export function cancelJob(jobId: string): Promise<void> {
  return call(`/jobs/${id(jobId)}/cancel`, { method: 'POST', body: {} });
}

export function startExport(projectId: string, input: ExportInput): Promise<JobAccepted> {
  return call(`/projects/${id(projectId)}/exports`, {
    method: 'POST',
    body: input,
    headers: { 'Idempotency-Key': randomKey() },
  });
}

export function exportContentUrl(jobId: string): string {
  return apiUrl(`/exports/${id(jobId)}/content`);
}

export function assetsUploadPath(projectId: string): string {
  return `/projects/${id(projectId)}/assets`;
}

export function importsPath(projectId: string): string {
  return `/projects/${id(projectId)}/imports`;
}
