export const editor = {
  rescue: { kept: 'What you drew is kept as “{{label}}”.' },
  notFetched: 'This part could not be fetched',
  notFetchedHint:
    'It needs the server. Nothing you drew is lost; try again when the network is back.',
  tabs: {
    title: 'Panels',
    objects: 'Objects',
    image: 'Image',
    comments: 'Comments',
    history: 'History',
    earlier: ', showing an earlier state',
  },
  bar: {
    back: 'Back to {{project}}',
    fit: 'Fit the image',
    help: 'Keyboard help',
    export: 'Export',
    previous: 'Previous image',
    next: 'Next image',
    undo: 'Undo',
    undoOf: 'Undo: {{step}}',
    redo: 'Redo',
    redoOf: 'Redo: {{step}}',
    light: 'Use the light theme',
    dark: 'Use the dark theme',
  },
  status: {
    selected: '{{selected}} of {{all}} selected',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    actual: 'Zoom to 100 % ({{key}})',
  },
} as const;
