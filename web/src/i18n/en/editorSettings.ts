export const editorSettings = {
  objectList: 'Object list',
  painting: 'Masks',
  brush: 'Brush and eraser',
  wand: 'Magic wand',
  superpixels: 'Superpixels',
  outline: 'Outlines made of masks',
  models: 'Models under the hand',
  reset: 'Reset to defaults',
  resetDone: 'The editor is as it comes',
} as const;
