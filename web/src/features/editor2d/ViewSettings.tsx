import { FlipHorizontal2, FlipVertical2, RotateCcw, RotateCw, Undo2 } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import {
  chipTexts,
  colorings,
  isPlainTone,
  type ChipText,
  type Coloring,
  type Look,
  type Tone,
} from '@/editor/look';
import { t } from '@/i18n/i18n';
import { Button, IconButton } from '@/ui/Button';
import { Range } from '@/ui/Range';
import { Select, type SelectOption } from '@/ui/Select';
import { useSignal } from './useSignal';
import { useCommand, useEditor } from './workspace';
import './view.css';

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
      <Check
        label={t('canvas.view.keepTone')}
        value={look.keepTone}
        onChange={(keepTone) => change({ keepTone })}
      />
      <Check
        label={t('canvas.view.smooth')}
        value={look.smooth}
        onChange={(smooth) => change({ smooth })}
      />
    </Part>
  );
}

function Objects() {
  const [look, change] = useLook();
  return (
    <Part title={t('canvas.view.objects')}>
      <Choice
        label={t('canvas.view.colorBy')}
        value={look.colorBy}
        options={colorings.map((id) => ({ value: id, label: t(`canvas.view.colorings.${id}`) }))}
        onChange={(value) => change({ colorBy: value as Coloring })}
      />
      <Choice
        label={t('canvas.view.chips')}
        value={look.chips}
        options={chipTexts.map((id) => ({ value: id, label: t(`canvas.view.chipTexts.${id}`) }))}
        onChange={(value) => change({ chips: value as ChipText })}
      />
      <Slider
        label={t('canvas.view.fill')}
        {...{ min: 0, max: 1 }}
        value={look.fill}
        onChange={(fill) => change({ fill })}
      />
      <Check
        label={t('canvas.commands.outlineOnly')}
        value={look.outlineOnly}
        onChange={(outlineOnly) => change({ outlineOnly })}
      />
    </Part>
  );
}

const kAids = ['crosshair', 'loupe', 'grid', 'minimap', 'rulers'] as const;

function Aids() {
  const editor = useEditor();
  const [look, change] = useLook();
  const snapping = useSignal(editor.snapping);
  return (
    <Part title={t('canvas.view.helpers')}>
      <div className="view-checks">
        {kAids.map((name) => (
          <Check
            key={name}
            label={t(`canvas.commands.${name}`)}
            value={look[name]}
            onChange={(on) => change({ [name]: on })}
          />
        ))}
        <Check
          label={t('tools.options.snap')}
          value={snapping}
          onChange={(on) => editor.snapping.set(on)}
        />
      </div>
    </Part>
  );
}

interface SliderProps {
  label: string;
  min: number;
  max: number;
  value: number;
  onChange: (value: number) => void;
}

function Slider({ label, min, max, value, onChange }: SliderProps) {
  const id = useId();
  return (
    <div className="view-slider">
      <label htmlFor={id}>{label}</label>
      <Range
        id={id}
        step={0.05}
        {...{ min, max, value }}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <output className="num" htmlFor={id}>
        {Math.round(value * 100)} %
      </output>
    </div>
  );
}

interface CheckProps {
  label: string;
  value: boolean;
  onChange: (value: boolean) => void;
}

function Check({ label, value, onChange }: CheckProps) {
  return (
    <label className="checkbox view-check">
      <input type="checkbox" checked={value} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly SelectOption[];
  onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div className="view-choice">
      <label htmlFor={id}>{label}</label>
      <Select
        id={id}
        small
        value={value}
        options={options}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
