/** The organization's audit trail. */
import type { AuditRecord, Page } from './api';
import { apiUrl, call } from './http';

const id = encodeURIComponent;

export interface AuditFilter {
  actor_id?: string;
  action?: string;
  object_id?: string;
  outcome?: string;
  from?: string;
  until?: string;
}

export interface SignedHead {
  sequence: number;
  hash: string;
  signed_at: string;
  public_key: string;
  signature: string;
}

export interface AuditVerdict {
  holds: boolean;
  entries: number;
  signatures: number;
  first_bad?: number;
  problem?: string;
}

const where = (organizationId: string) => `/organizations/${id(organizationId)}/audit`;

export function listAudit(
  organizationId: string,
  options: AuditFilter & { cursor?: string; limit?: number },
  signal?: AbortSignal,
): Promise<Page<AuditRecord>> {
  return call(where(organizationId), { query: { ...options }, signal });
}

export function auditHead(organizationId: string, signal?: AbortSignal): Promise<SignedHead> {
  return call(`${where(organizationId)}/head`, { signal });
}

export function verifyAudit(organizationId: string): Promise<AuditVerdict> {
  return call(`${where(organizationId)}/verification`);
}

export function auditExportUrl(
  organizationId: string,
  filter: AuditFilter,
  format: 'jsonl' | 'csv',
): string {
  return apiUrl(`${where(organizationId)}/export`, { ...filter, format });
}
