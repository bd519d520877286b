export const structure = {
  skeleton: {
    title: 'Skeleton',
    hint: 'Drag to place the template, or click its points one by one',
    use: 'Drag a box for the whole template, or click its points in order. S skips one, Alt marks it hidden, Enter leaves out the rest',
  },
  cuboid: {
    title: 'Cuboid',
    hint: 'Front face first, then the depth',
    use: 'Drag the front face, then click where the back goes. Shift keeps its size',
  },
  next: 'Next: {{name}}',
  step: '{{name}} · {{number}} of {{count}}',
  visibility: { '0': 'not in the picture', '1': 'hidden', '2': 'in sight' },
  grip: {
    handle: 'Handle {{number}} held; arrows move it',
    joint: '{{name}}, {{visibility}}',
  },
  steps: {
    reshape: 'Reshape',
    visibility: 'Change visibility',
    mirror: 'Mirror skeleton',
    swap: 'Swap left and right',
  },
  commands: {
    skeleton: 'Skeleton',
    cuboid: 'Cuboid in perspective',
    skip: 'Skip this point of the skeleton',
    mirror: 'Mirror the skeleton; left stays left of the body',
    swap: 'Swap left and right joints of the skeleton',
    gripNext: 'Next handle of the object held',
    gripPrevious: 'Previous handle of the object held',
    gripLeave: 'Let go of the handle',
    gripMove: 'Move the handle by 1 pixel, with Shift by 10',
    visibility: 'In sight, hidden or not in the picture: the joint held',
  },
} as const;
