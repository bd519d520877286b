/** Labels made from the annotate page: appended to the project as it is now, under its ETag. */
import type { QueryClient } from '@tanstack/react-query';
import type { Label } from '@/net/api';
import { ApiError } from '@/net/http';
import { getProject, updateProject } from '@/net/routes';
import { nextColor } from '../labels/palette';
import { projectQuery } from '../projects/queries';

/** What a first drawn object is called in a project that nobody gave labels. */
const kFirstName = 'object';
const kAttempts = 3;

/** An equal name that is already there is taken as it is. */
export async function ensureLabel(
  client: QueryClient,
  projectId: string,
  name: string,
): Promise<Label> {
  for (let attempt = 1; ; attempt++) {
    const project = await getProject(projectId);
    const known = findLabel(project.labels, name);
    if (known) return known;
    const color = nextColor(project.labels.map((label) => label.color));
    const label = { name, color, kind: 'any' as const, attributes: [] };
    try {
      const labels = [...project.labels, label];
      const updated = await updateProject(projectId, { labels }, project.etag);
      await client.invalidateQueries({ queryKey: projectQuery(projectId).queryKey });
      const made = findLabel(updated.labels, name);
      if (made) return made;
      throw new Error('The server did not keep the new label.');
    } catch (error) {
      const changed = error instanceof ApiError && error.status === 412;
      if (!changed || attempt === kAttempts) throw error;
    }
  }
}

/** The first label there is, or a new one. */
export async function ensureFirstLabel(
  client: QueryClient,
  projectId: string,
): Promise<{ label: Label; created: boolean }> {
  const project = await getProject(projectId);
  const [first] = project.labels;
  if (first) return { label: first, created: false };
  return { label: await ensureLabel(client, projectId, kFirstName), created: true };
}

function findLabel(labels: readonly Label[], name: string): Label | undefined {
  const wanted = name.trim().toLowerCase();
  return labels.find((label) => label.name.toLowerCase() === wanted);
}
