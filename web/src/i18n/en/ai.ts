export const ai = {} as const;
