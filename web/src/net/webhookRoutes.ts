/** Webhooks of the organization and what was sent to them. */
import type { Page } from './api';
import { call } from './http';

const id = encodeURIComponent;

export interface Webhook {
  id: string;
  name: string;
  url: string;
  events: string[];
  active: boolean;
  failures: number;
  disabled_reason?: string;
  created_at: string;
}

/** The secret is shown this once. */
export interface MadeWebhook {
  webhook: Webhook;
  secret: string;
}

export interface WebhookInput {
  name: string;
  url: string;
  events: string[];
}

export interface Delivery {
  id: string;
  webhook_id: string;
  event: string;
  state: 'queued' | 'delivered' | 'failed';
  tries: number;
  created_at: string;
}

export interface DeliveryAttempt {
  number: number;
  at: string;
  took_ms: number;
  status?: number;
  problem?: string;
  answer: string;
}

export interface DeliveryLog {
  delivery: Delivery;
  body: Record<string, unknown>;
  attempts: DeliveryAttempt[];
}

export async function listWebhooks(signal?: AbortSignal): Promise<Webhook[]> {
  return (await call<Page<Webhook>>('/webhooks', { signal })).items;
}

export function createWebhook(input: WebhookInput): Promise<MadeWebhook> {
  return call('/webhooks', { method: 'POST', body: input });
}

export function changeWebhook(
  webhookId: string,
  change: Partial<WebhookInput> & { active?: boolean },
): Promise<Webhook> {
  return call(`/webhooks/${id(webhookId)}`, { method: 'PATCH', body: change });
}

export function deleteWebhook(webhookId: string): Promise<void> {
  return call(`/webhooks/${id(webhookId)}`, { method: 'DELETE' });
}

export function renewWebhookSecret(webhookId: string): Promise<MadeWebhook> {
  return call(`/webhooks/${id(webhookId)}/secret`, { method: 'POST', body: {} });
}

export function pingWebhook(webhookId: string): Promise<Delivery> {
  return call(`/webhooks/${id(webhookId)}/ping`, { method: 'POST', body: {} });
}

export function listDeliveries(webhookId: string, signal?: AbortSignal): Promise<Page<Delivery>> {
  return call(`/webhooks/${id(webhookId)}/deliveries`, { query: { limit: 50 }, signal });
}

export function getDelivery(deliveryId: string, signal?: AbortSignal): Promise<DeliveryLog> {
  return call(`/deliveries/${id(deliveryId)}`, { signal });
}

export function redeliver(deliveryId: string): Promise<Delivery> {
  return call(`/deliveries/${id(deliveryId)}/redeliver`, { method: 'POST', body: {} });
}
