export const imageViews = ['all', 'next', 'similar', 'duplicates'] as const;
export type ImageView = (typeof imageViews)[number];
