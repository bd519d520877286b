import { useEffect, useMemo, useRef, useState } from 'react';
import { converted, convertible, convertObjects, type Converted } from '@/editor/masks/convert';
import { kEmptyOverlay, patchOverlay } from '@/editor/overlay';
import { ringsOf } from '@/editor/vertices';
import { t } from '@/i18n/i18n';
import { Button } from '@/ui/Button';
import { Segmented } from '@/ui/Segmented';
import { OutlineField } from '../MaskFields';
import { useMaskSetting } from '../useMaskSetting';
import { useSignal } from '../useSignal';
import { useEditor } from '../workspace';
import '../maskOptions.css';

const kKinds: readonly Converted[] = ['polygon', 'mask', 'box'];
const kSteps = {
  polygon: 'masks.steps.toPolygon',
  mask: 'masks.steps.toMask',
  box: 'masks.steps.toBox',
} as const;

/** What the selection is to become, shown on the canvas before it is. */
export function ConvertPanel({ onClose }: { onClose: () => void }) {
  const editor = useEditor();
  const selection = useSignal(editor.selection);
  const version = useSignal(editor.store.version);
  const panel = useRef<HTMLDivElement>(null);
  const kinds = kKinds.filter((kind) => convertible(editor, kind, true).length > 0);
  const [wanted, setWanted] = useState<Converted>(
    () => kKinds.find((kind) => convertible(editor, kind).length > 0) ?? 'polygon',
  );
  const [tolerance] = useMaskSetting('outline');
  const to = kinds.includes(wanted) ? wanted : kinds[0];
  const shapes = useMemo(
    () => (to ? converted(editor, to, tolerance) : kEmptyOverlay.replaced),
    // What `converted` reads of the editor.
    [editor, to, tolerance, selection, version],
  );
  useEffect(() => {
    patchOverlay(editor.overlay, { replaced: shapes });
    return () => patchOverlay(editor.overlay, { replaced: kEmptyOverlay.replaced });
  }, [editor, shapes]);
  useEffect(() => panel.current?.querySelector('input')?.focus(), []);
  useEffect(() => {
    if (!to) onClose();
  }, [to, onClose]);
  if (!to) return null;
  const ids = convertible(editor, to, true);
  const simplifies = convertible(editor, 'polygon').length === 0;
  // A polygon that no vertex can leave stays as it is.
  const count = ids
    .flatMap((id) => ringsOf(shapes.get(id) ?? editor.store.get(id)!.annotation.shape))
    .reduce((sum, ring) => sum + ring.points.length, 0);
  const convert = () => {
    const title = t(to === 'polygon' && simplifies ? 'masks.steps.simplify' : kSteps[to]);
    convertObjects(editor, ids, to, { title, tolerance });
    onClose();
  };
  return (
    <div
      ref={panel}
      className="mask-options"
      role="group"
      aria-label={t('masks.convert.title')}
      data-testid="convert-panel"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' && event.key !== 'Enter') return;
        if (event.key === 'Enter' && event.target instanceof HTMLButtonElement) return;
        event.preventDefault();
        if (event.key === 'Enter') convert();
        else onClose();
      }}
    >
      <Segmented
        label={t('masks.convert.to')}
        value={to}
        options={kinds.map((value) => ({
          value,
          label: t(`masks.convert.${simplifies && value === 'polygon' ? 'simpler' : value}`),
        }))}
        onChange={setWanted}
      />
      {to === 'polygon' ? (
        <>
          <OutlineField />
          <span className="mask-value num" data-testid="convert-vertices">
            {t('tools.numeric.vertices', { count })}
          </span>
        </>
      ) : null}
      <Button size="s" variant="primary" onClick={convert}>
        {t('masks.convert.run')}
      </Button>
      <Button size="s" variant="ghost" onClick={onClose}>
        {t('common.cancel')}
      </Button>
    </div>
  );
}
