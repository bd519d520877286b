import { FlipHorizontal2, FlipVertical2, RotateCcw, RotateCw, Undo2 } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { isPlainTone, type Look, type Tone } from '@/editor/look';
import { t } from '@/i18n/i18n';
import { Button, IconButton } from '@/ui/Button';
import { AidFields, ObjectFields, PictureFields } from './LookFields';
import { useSignal } from './useSignal';
import { Check, Slider } from './ViewFields';
import { useCommand, useEditor } from './workspace';

/** What the view panel holds. */
export function ViewSettings() {
  return (
    <>
      <Orientation />
      <Picture />
      <Objects />
      <Aids />
    </>
  );
}

function useLook(): [Look, (patch: Partial<Look>) => void] {
  const editor = useEditor();
  const look = useSignal(editor.look);
  return [look, (patch) => editor.look.update((now) => ({ ...now, ...patch }))];
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className="view-part" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
}

function Orientation() {
  const actions = [
    { label: t('canvas.commands.turnLeft'), icon: <RotateCcw />, run: useCommand('view.turnLeft') },
    {
      label: t('canvas.commands.turnRight'),
      icon: <RotateCw />,
      run: useCommand('view.turnRight'),
    },
    { label: t('canvas.commands.flipX'), icon: <FlipHorizontal2 />, run: useCommand('view.flipX') },
    { label: t('canvas.commands.flipY'), icon: <FlipVertical2 />, run: useCommand('view.flipY') },
    { label: t('canvas.commands.upright'), icon: <Undo2 />, run: useCommand('view.upright') },
  ];
  return (
    <Part title={t('canvas.view.orientation')}>
      <div className="view-buttons">
        {actions.map(({ label, icon, run }) => (
          <IconButton key={label} size="s" label={label} icon={icon} onClick={run} />
        ))}
      </div>
    </Part>
  );
}

const kSliders = [
  { name: 'brightness', min: 0.2, max: 3 },
  { name: 'contrast', min: 0.2, max: 3 },
  { name: 'gamma', min: 0.3, max: 3 },
  { name: 'saturation', min: 0, max: 3 },
] as const;

function Picture() {
  const [look, change] = useLook();
  const { tone } = look;
  const set = (patch: Partial<Tone>) => change({ tone: { ...tone, ...patch } });
  const reset = useCommand('view.plainTone');
  return (
    <Part title={t('canvas.view.picture')}>
      {kSliders.map(({ name, min, max }) => (
        <Slider
          key={name}
          label={t(`canvas.view.${name}`)}
          {...{ min, max }}
          value={tone[name]}
          onChange={(value) => set({ [name]: value })}
        />
      ))}
      <div className="view-row">
        <Check
          label={t('canvas.view.equalise')}
          value={tone.equalise}
          onChange={(equalise) => set({ equalise })}
        />
        <Check
          label={t('canvas.view.invert')}
          value={tone.invert}
          onChange={(invert) => set({ invert })}
        />
        <Button size="s" variant="ghost" disabled={isPlainTone(tone)} onClick={reset}>
          {t('canvas.view.reset')}
        </Button>
      </div>
      <PictureFields look={look} change={change} />
    </Part>
  );
}

function Objects() {
  const [look, change] = useLook();
  return (
    <Part title={t('canvas.view.objects')}>
      <ObjectFields look={look} change={change} />
    </Part>
  );
}

function Aids() {
  const editor = useEditor();
  const [look, change] = useLook();
  const snapping = useSignal(editor.snapping);
  return (
    <Part title={t('canvas.view.helpers')}>
      <div className="view-checks">
        <AidFields look={look} change={change} />
        <Check
          label={t('tools.options.snap')}
          value={snapping}
          onChange={(on) => editor.snapping.set(on)}
        />
      </div>
    </Part>
  );
}
