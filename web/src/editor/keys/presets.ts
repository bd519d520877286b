/**
 * Keys that people bring with them. A preset lists only what it has otherwise than our own: a
 * command that is not named keeps its default keys, except those that the preset gives to another.
 */
export const presetIds = ['annotateai', 'cvat', 'label_studio', 'x_anylabeling'] as const;
export type PresetId = (typeof presetIds)[number];

export type Bindings = Readonly<Record<string, readonly string[]>>;

/** Names of products, the same in every language. */
export const kPresetNames: Record<PresetId, string> = {
  annotateai: 'AnnotateAI',
  cvat: 'CVAT',
  label_studio: 'Label Studio',
  x_anylabeling: 'X-AnyLabeling',
};

const kCvat: Bindings = {
  'page.next': ['f'],
  'page.previous': ['d'],
  'tool.brush': ['Shift+Digit1'],
  'tool.eraser': ['Shift+Digit2'],
  'view.fit': ['$mod+Digit0'],
  'view.actual': ['Alt+Digit0'],
  'label.1': ['$mod+Digit1'],
  'label.2': ['$mod+Digit2'],
  'label.3': ['$mod+Digit3'],
  'label.4': ['$mod+Digit4'],
  'label.5': ['$mod+Digit5'],
  'label.6': ['$mod+Digit6'],
  'label.7': ['$mod+Digit7'],
  'label.8': ['$mod+Digit8'],
  'label.9': ['$mod+Digit9'],
  'label.10': [],
  'view.hide': ['h'],
  'view.hideAll': ['t'],
  'object.lock': ['l'],
  'object.lockAll': ['Shift+l'],
  'object.pin': ['p'],
  'tool.polygon': ['Shift+p'],
  'tool.points': ['Alt+KeyP'],
  'tool.polyline': ['Alt+Shift+KeyL'],
  'edit.delete': ['Delete', 'Backspace'],
  'object.deleteLocked': ['Shift+Delete'],
  'edit.propagate': ['$mod+b'],
  'edit.front': ['Shift++', '+', '='],
  'edit.back': ['-'],
  'object.group': ['g'],
  'object.ungroup': ['Shift+g'],
  'edit.next': ['Tab'],
  'edit.previous': ['Shift+Tab'],
  'page.keys': ['F2'],
  'page.help': ['F1', 'Shift+?', '?'],
};

const kLabelStudio: Bindings = {
  'page.next': ['$mod+ArrowRight'],
  'page.previous': ['$mod+ArrowLeft'],
  'tool.select': ['v'],
  'tool.box': ['r'],
  'tool.rotated_box': ['Shift+r'],
  'tool.polygon': ['p'],
  'tool.points': ['k'],
  'tool.ellipse': ['o'],
  'tool.brush': ['b'],
  'tool.eraser': ['e'],
  'tool.wand': ['w'],
  'ai.detect': ['m'],
  'edit.undo': ['$mod+z'],
  'edit.redo': ['$mod+Shift+z'],
  'edit.delete': ['Backspace', 'Delete'],
  'edit.duplicate': ['$mod+d'],
  'view.hide': ['Alt+KeyH'],
  'view.hideAll': ['$mod+h'],
  'object.lock': ['Alt+KeyL'],
  'edit.next': ['Alt+Period', 'Tab'],
  'tool.relation': ['Alt+KeyR'],
  'view.fit': ['Shift+Digit1'],
  'view.actual': ['Shift+Digit2'],
};

const kXAnyLabeling: Bindings = {
  'page.next': ['d'],
  'page.previous': ['a'],
  'tool.select': ['$mod+j'],
  'tool.box': ['r'],
  'tool.rotated_box': ['o'],
  'tool.polygon': ['p'],
  'tool.polyline': ['Shift+s'],
  'tool.points': ['Shift+p'],
  'tool.ellipse': ['Shift+c'],
  'tool.cuboid': ['Alt+KeyC'],
  'tool.brush': ['Shift+b'],
  'tool.segment': ['q'],
  'tool.complete': ['Enter', 'f'],
  'ai.detect': ['i'],
  'edit.duplicate': ['$mod+d'],
  'object.group': ['g'],
  'object.ungroup': ['u'],
  'view.hide': ['s'],
  'view.hideAll': ['$mod+h'],
  'edit.next': ['$mod+Shift+c', 'Tab'],
  'view.fit': ['$mod+f'],
  'view.actual': ['$mod+='],
  'view.in': ['$mod+Shift+='],
  'page.keys': ['$mod+Digit0', 'F2'],
};

export const kPresets: Record<PresetId, Bindings> = {
  annotateai: {},
  cvat: kCvat,
  label_studio: kLabelStudio,
  x_anylabeling: kXAnyLabeling,
};
