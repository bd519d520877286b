import { X } from 'lucide-react';
import { useEffect } from 'react';
import type { MeanwhileLine } from '@/editor/meanwhile';
import { t } from '@/i18n/i18n';
import { Button, IconButton } from '@/ui/Button';
import { useUserNames } from '../history/useHistory';
import { meanwhileText } from './meanwhileText';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';
import './together.css';

const kTickMs = 500;

/** Calm lines at the foot of the canvas: what others did to the objects one has selected. */
export function MeanwhileNotices() {
  const editor = useEditor();
  const lines = useSignal(editor.meanwhile.lines);
  const busy = lines.length > 0;
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(() => editor.meanwhile.expire(performance.now()), kTickMs);
    return () => clearInterval(timer);
  }, [editor, busy]);
  return (
    <div className="meanwhile" role="status" aria-live="polite" data-testid="meanwhile">
      {lines.map((line) => (
        <Line key={line.key} line={line} />
      ))}
    </div>
  );
}

function Line({ line }: { line: MeanwhileLine }) {
  const editor = useEditor();
  const userName = useUserNames();
  const { company } = editor;
  const self = useSignal(company.self);
  const person = company.people.get().find((one) => one.userId === line.by);
  const other = company.nameOf(line.by) ?? userName(line.by) ?? t('together.somebody');
  const who = line.by === self?.id ? t('together.ownWindow') : other;
  const present = line.objects.filter((object) => editor.store.get(object.id));
  const done = () => editor.meanwhile.dismiss(line.key);
  const show = () => {
    const bounds = present.flatMap(({ id }) => editor.store.get(id)?.outline.bounds ?? []);
    editor.tool.set('select');
    editor.select(present.map(({ id }) => id));
    if (bounds.length > 0) editor.view.show(around(bounds));
    done();
  };
  const restore = () => {
    const gone = line.objects.filter((object) => !editor.store.get(object.id));
    editor.commit(
      t('editor.steps.restore'),
      gone.map((annotation) => ({ op: 'put', annotation })),
    );
    editor.select(gone.map(({ id }) => id));
    done();
  };
  return (
    <div className="meanwhile-line">
      <span
        className="person-dot"
        style={{ background: person?.color ?? 'var(--control-edge)' }}
        aria-hidden="true"
      />
      <span className="truncate">
        {meanwhileText(line, who, (object) => editor.labelOf(object).name)}
      </span>
      {line.kind === 'changed' && present.length > 0 ? (
        <Button size="s" onClick={show}>
          {t('together.show')}
        </Button>
      ) : null}
      {line.kind === 'deleted' && present.length < line.objects.length ? (
        <Button size="s" onClick={restore}>
          {t('editor.steps.restore')}
        </Button>
      ) : null}
      <IconButton size="s" label={t('common.dismiss')} icon={<X />} onClick={done} />
    </div>
  );
}

/** `flat` holds x0, y0, x1, y1 of one box after the other. */
function around(flat: readonly number[]): [number, number, number, number] {
  const every = (offset: number) => flat.filter((_, index) => index % 4 === offset);
  return [
    Math.min(...every(0)),
    Math.min(...every(1)),
    Math.max(...every(2)),
    Math.max(...every(3)),
  ];
}
