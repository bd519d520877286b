/** What the editor keeps for a person, where no editor is open. */
import { RotateCcw } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { chooseKeys } from '@/editor/keys/keysOf';
import { presetIds } from '@/editor/keys/presets';
import { lookFrom, type Look } from '@/editor/look';
import { groupings, type Grouping } from '@/editor/objects/rows';
import { t } from '@/i18n/i18n';
import { preferences } from '@/net/preferences';
import { kHoverPreference } from '@/tools/segment/hoverPreference';
import { Button } from '@/ui/Button';
import { toast } from '@/ui/Toast';
import { PresetChoice } from '../keys/PresetChoice';
import { DetectorChoice } from './ai/DetectorChoice';
import { useDetectors } from './ai/useDetection';
import { kEditorChoices, kGrouping, kHoles, kLook, kSnapping } from './choices';
import { AidFields, ObjectFields, PictureFields } from './LookFields';
import { CellField, OutlineField, PaintFields, WandFields } from './MaskFields';
import { usePreference } from './usePreference';
import { Check, Choice } from './ViewFields';
import './editorSettings.css';

export default function EditorSettings() {
  const look = useKeptLook();
  return (
    <div className="editor-settings" data-testid="editor-settings">
      <Part title={t('canvas.view.objects')}>
        <ObjectFields {...look} />
      </Part>
      <Part title={t('canvas.view.picture')}>
        <PictureFields {...look} />
      </Part>
      <Part title={t('canvas.view.helpers')}>
        <div className="view-checks">
          <AidFields {...look} />
          <Switch name={kSnapping} fallback label={t('tools.options.snap')} />
          <Switch name={kHoles} fallback={false} label={t('tools.options.cut')} />
        </div>
      </Part>
      <Part title={t('editorSettings.painting')}>
        <Tool title={t('editorSettings.brush')}>
          <PaintFields />
        </Tool>
        <Tool title={t('editorSettings.wand')}>
          <WandFields />
        </Tool>
        <Tool title={t('editorSettings.superpixels')}>
          <CellField />
        </Tool>
        <Tool title={t('editorSettings.outline')}>
          <OutlineField />
        </Tool>
      </Part>
      <Part title={t('editorSettings.objectList')}>
        <GroupingChoice />
      </Part>
      <Part title={t('editorSettings.models')}>
        <Switch name={kHoverPreference} fallback label={t('ai.hoverSwitch')} />
        <Detectors />
      </Part>
      <Part title={t('objects.keys.preset')}>
        <PresetChoice />
      </Part>
      <div>
        <Button icon={<RotateCcw />} data-testid="reset-editor" onClick={reset}>
          {t('editorSettings.reset')}
        </Button>
      </div>
    </div>
  );
}

function reset(): void {
  preferences.reset(kEditorChoices);
  // Keys of one's own stay: they are put back where they are made.
  chooseKeys({ preset: presetIds[0] });
  toast({ tone: 'ok', title: t('editorSettings.resetDone') });
}

function useKeptLook() {
  const [kept, keep] = usePreference<unknown>(kLook, null);
  const look = lookFrom(kept);
  return { look, change: (patch: Partial<Look>) => keep({ ...look, ...patch }) };
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className="editor-part" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
}

function Tool({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="editor-tool" role="group" aria-label={title}>
      <span>{title}</span>
      {children}
    </div>
  );
}

function Switch(props: { name: string; fallback: boolean; label: string }) {
  const [on, choose] = usePreference(props.name, props.fallback);
  return <Check label={props.label} value={on} onChange={choose} />;
}

function GroupingChoice() {
  const [kept, keep] = usePreference<unknown>(kGrouping, 'none');
  const grouping: Grouping = groupings.find((one) => one === kept) ?? 'none';
  return (
    <Choice
      label={t('objects.grouping.title')}
      value={grouping}
      options={groupings.map((one) => ({ value: one, label: t(`objects.grouping.${one}`) }))}
      onChange={keep}
    />
  );
}

function Detectors() {
  const choice = useDetectors();
  if (!choice.detectors || choice.detectors.length < 2) return null;
  return (
    <div className="editor-tool">
      <span aria-hidden="true">{t('ai.detector')}</span>
      <DetectorChoice choice={choice} />
    </div>
  );
}
