import type { ToolId } from '@/editor/editor';
import { t, type MessageKey } from '@/i18n/i18n';
import { GhostHint } from './ai/GhostHint';
import { KeyedText } from './KeyedText';
import { calm, useSignal } from './useSignal';
import { later } from './later';
import { useEditor } from './workspace';

const SegmentHint = later(async () => (await import('./ai/SegmentHint')).SegmentHint);

const kHints: Partial<Record<ToolId, MessageKey>> = {
  box: 'tools.hints.box',
  rotated_box: 'tools.hints.rotated_box',
  extreme_box: 'tools.hints.extreme_box',
  polygon: 'tools.hints.polygon',
  slice: 'tools.hints.slice',
  join: 'tools.hints.join',
  polyline: 'tools.hints.polyline',
  points: 'tools.hints.points',
  ellipse: 'tools.hints.ellipse',
  skeleton: 'structure.skeleton.use',
  cuboid: 'structure.cuboid.use',
  comment: 'tools.hints.comment',
};

/** One line at the foot of the canvas that says what the tool in hand does. */
export function ToolHint() {
  const editor = useEditor();
  const tool = useSignal(editor.tool);
  const redrawn = useSignal(editor.redraw.target);
  const selection = useSignal(calm(editor.selection));
  if (tool === 'segment') {
    return (
      <div className="hint" data-ai="">
        <SegmentHint />
      </div>
    );
  }
  if (tool === 'select') return <GhostHint />;
  if (redrawn !== null) return <RedrawHint id={redrawn} />;
  const [only] = selection.size === 1 ? selection : [];
  const inPolygon =
    only !== undefined && editor.store.get(only)?.annotation.shape.type === 'polygon';
  const hint = tool === 'polygon' && inPolygon ? 'tools.hints.polygon_hole' : kHints[tool];
  return hint ? (
    <div className="hint">
      <KeyedText text={t(hint)} />
    </div>
  ) : null;
}

function RedrawHint({ id }: { id: string }) {
  const editor = useEditor();
  const annotation = editor.store.get(id)?.annotation;
  const name = annotation ? editor.labelOf(annotation).name : '';
  return (
    <div className="hint">
      <KeyedText text={t('tools.hints.redraw', { name })} />
    </div>
  );
}
