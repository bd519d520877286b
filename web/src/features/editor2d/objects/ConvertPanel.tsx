import { useEffect, useMemo, useRef, useState } from 'react';
import { convertible } from '@/editor/commands/maskCommands';
import { converted, convertObjects, type Converted } from '@/editor/masks/convert';
import { kEmptyOverlay, patchOverlay } from '@/editor/overlay';
import { ringsOf } from '@/editor/vertices';
import { t } from '@/i18n/i18n';
import { Button } from '@/ui/Button';
import { Range } from '@/ui/Range';
import { Segmented } from '@/ui/Segmented';
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
const kMost = 20;

/** What the selection is to become, shown on the canvas before it is. */
export function ConvertPanel({ onClose }: { onClose: () => void }) {
  const editor = useEditor();
  const selection = useSignal(editor.selection);
  const version = useSignal(editor.store.version);
  const panel = useRef<HTMLDivElement>(null);
  const kinds = kKinds.filter((kind) => convertible(editor, kind).length > 0);
  const [wanted, setWanted] = useState<Converted>(kinds[0] ?? 'polygon');
  const [tolerance, setTolerance] = useMaskSetting('outline');
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
  const count = [...shapes.values()]
    .flatMap(ringsOf)
    .reduce((sum, ring) => sum + ring.points.length, 0);
  const convert = () => {
    const how = { title: t(kSteps[to]), tolerance };
    convertObjects(editor, convertible(editor, to), to, how);
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
        options={kinds.map((value) => ({ value, label: t(`masks.convert.${value}`) }))}
        onChange={setWanted}
      />
      {to === 'polygon' ? (
        <label className="mask-option">
          <span>{t('masks.options.tolerance')}</span>
          <Range
            min={0}
            max={kMost}
            step={0.25}
            value={tolerance}
            aria-valuetext={t('masks.options.sizeValue', { size: tolerance })}
            data-testid="convert-tolerance"
            onChange={(event) => setTolerance(Number(event.target.value))}
          />
          <span className="mask-value num">
            {t('masks.options.sizeValue', { size: tolerance })}
          </span>
          <span className="mask-value num" data-testid="convert-vertices">
            {t('tools.numeric.vertices', { count })}
          </span>
        </label>
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
