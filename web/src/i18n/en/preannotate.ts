export const preannotate = {} as const;
