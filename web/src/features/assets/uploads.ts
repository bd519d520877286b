import { useSyncExternalStore } from 'react';
import { UploadQueue, type UploadSnapshot, uploadsTo } from '@/net/uploadQueue';

const queues = new Map<string, UploadQueue>();

/** One queue a project, for as long as the app is open: uploads outlive the page they began on. */
export function uploadsOf(projectId: string): UploadQueue {
  let queue = queues.get(projectId);
  if (!queue) {
    queue = uploadsTo(projectId);
    queues.set(projectId, queue);
  }
  return queue;
}

export function useUploads(projectId: string): UploadSnapshot {
  const queue = uploadsOf(projectId);
  return useSyncExternalStore(queue.subscribe, queue.getSnapshot);
}

export function warnBeforeLosingUploads(): void {
  window.addEventListener('beforeunload', (event) => {
    if ([...queues.values()].some((queue) => queue.getSnapshot().active)) event.preventDefault();
  });
}
