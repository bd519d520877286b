import { create } from 'zustand';

interface RunningJobs {
  byProject: Record<string, string>;
  follow: (projectId: string, jobId: string) => void;
  forget: (projectId: string) => void;
}

/** The pre-annotation that each project page shows; it goes on when the page is left. */
export const useRunningJobs = create<RunningJobs>((set) => ({
  byProject: {},
  follow: (projectId, jobId) =>
    set((state) => ({ byProject: { ...state.byProject, [projectId]: jobId } })),
  forget: (projectId) =>
    set((state) => {
      const { [projectId]: _gone, ...byProject } = state.byProject;
      return { byProject };
    }),
}));
