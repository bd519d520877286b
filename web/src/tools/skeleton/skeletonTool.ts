/** Draws skeletons by their label's template: whole by a drag, or point by point. */
import type { Editor } from '../../editor/editor';
import { Tool } from '../toolNode';
import { SkeletonIdle } from './skeletonIdle';
import { SkeletonPlacing } from './skeletonPlacing';
import { SkeletonPointwise } from './skeletonPointwise';

export class SkeletonTool extends Tool {
  constructor(editor: Editor) {
    super(editor, [SkeletonIdle, SkeletonPlacing, SkeletonPointwise]);
  }
}
