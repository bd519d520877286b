export const tools = {
  rail: 'Tools',
  select: { title: 'Select', hint: 'Move, resize, edit vertices' },
  box: { title: 'Box', hint: 'Drag, or click two corners' },
  polygon: { title: 'Polygon', hint: 'Click vertices, Enter closes' },
  segment: { title: 'AI click', hint: 'Click an object, get its outline' },
  comment: { title: 'Comment', hint: 'Click a spot and say something' },
} as const;
