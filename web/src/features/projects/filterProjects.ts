import type { Project, ProjectType } from '@/net/api';

export interface ProjectFilter {
  q?: string;
  type?: ProjectType;
}

/** Every word must be found in the name or in a label. */
export function filterProjects(projects: readonly Project[], filter: ProjectFilter): Project[] {
  const words = (filter.q ?? '').toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return projects.filter((project) => {
    if (filter.type && project.type !== filter.type) return false;
    const labels = (project.labels ?? []).map((label) => label.name);
    const text = [project.name, ...labels].join('\n').toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}
