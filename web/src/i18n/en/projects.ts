export const projects = {
  title: 'Projects',
  about: 'Each project holds its images, its labels and everything drawn on them.',
  one: 'Project',
  oneFailed: 'The project could not be loaded',
  search: 'Search projects',
  searchHint: 'Search by name or label',
  typeFilter: 'Type of project',
  allTypes: 'All types',
  loading: 'Loading projects',
  failed: 'Projects could not be loaded',
  none: 'No projects yet',
  noneHint:
    'A project takes a folder of images and a list of labels. The models that come ' +
    'with AnnotateAI can draw the first suggestions for you. Or look around in a ' +
    'demo first: three photos with boxes and outlines on them.',
  noMatch: 'Nothing matches',
  noMatchHint: 'No project fits this search.',
  showMore: 'Show more',
  new: 'New project',
  noLabels: 'No labels',
  toReview: '{{number}} to review',
  labelledShare: '{{done}} of {{number}} images labelled',
  openDemo: 'Open the demo project',
  demoFailed: 'The demo could not be opened',
  cancel: 'Cancel',
  import: 'Import',
  annotate: 'Annotate',
  parts: 'Parts of the project',
  moreActions: 'More actions',
  rename: {
    title: 'Rename project',
    name: 'Name',
    needed: 'Give the project a name.',
    save: 'Rename',
  },
  delete: {
    title: 'Delete this project?',
    about: '{{images}} and {{objects}} go with it. This cannot be undone.',
    keep: 'Keep it',
    confirm: 'Delete project',
    type: 'Type “{{name}}” to confirm',
    done: '{{name}} was deleted',
  },
  labels: {
    tab: 'Labels',
    saved: 'Labels saved',
    conflict: 'Someone else has changed the labels. Discard your changes to see theirs.',
    removing: 'You are removing {{names}}',
    removingHint:
      'A label that annotations still use is not removed: delete or relabel them first.',
    failed: 'The labels were not saved',
    unsaved: 'Not saved yet',
    allSaved: 'All changes saved',
    discard: 'Discard',
    save: 'Save labels',
  },
  types: {
    detection: {
      label: 'Object detection',
      help: 'Boxes around objects. AI suggests boxes and masks.',
    },
    segmentation: {
      label: 'Segmentation',
      help: 'Exact outlines: polygons and masks, one click with AI.',
    },
    classification: {
      label: 'Classification',
      help: 'One or more tags for the image as a whole.',
    },
    keypoints: {
      label: 'Keypoints',
      help: 'Named points and skeletons, such as body joints.',
    },
    tracking: {
      label: 'Tracking',
      help: 'The same object followed through the frames of a video.',
    },
    pointcloud: {
      label: 'Point cloud',
      help: 'Cuboids in lidar scans.',
    },
  },
} as const;
