/** One function per route of the contract. */
import type {
  Asset,
  AuditRecord,
  ExportInput,
  Job,
  JobAccepted,
  Label,
  Me,
  Member,
  Model,
  Page,
  PreannotationInput,
  Project,
  ProjectInput,
} from './api';
import { apiUrl, call, randomKey, request } from './http';

const id = encodeURIComponent;

export interface LoginInput {
  email: string;
  password: string;
  otp?: string;
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

export async function logout(): Promise<void> {
  await call('/auth/logout', { method: 'POST', body: {} });
}

export function getMe(signal?: AbortSignal): Promise<Me> {
  return call('/auth/me', { signal });
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

export function listMembers(organizationId: string, signal?: AbortSignal): Promise<Page<Member>> {
  return call(`/organizations/${id(organizationId)}/members`, { signal });
}

export function listAudit(
  organizationId: string,
  options: { cursor?: string; limit?: number },
  signal?: AbortSignal,
): Promise<Page<AuditRecord>> {
  return call(`/organizations/${id(organizationId)}/audit`, { query: options, signal });
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

export function listJobs(
  options: { project_id?: string; limit?: number; cursor?: string },
  signal?: AbortSignal,
): Promise<Page<Job>> {
  return call('/jobs', { query: options, signal });
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
