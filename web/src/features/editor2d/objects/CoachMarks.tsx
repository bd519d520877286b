import { X } from 'lucide-react';
import { useState } from 'react';
import { keyText } from '@/editor/keys/keysOf';
import { t } from '@/i18n/i18n';
import { preferences } from '@/net/preferences';
import { Button, IconButton } from '@/ui/Button';
import { useSignal } from '../useSignal';
import { useEditor } from '../workspace';

const kSeen = 'editor.coached';
const kTips = ['draw', 'ai', 'list', 'palette'] as const;

/**
 * A few words for who is here for the first time; they go for good when something is drawn. Who has
 * a tool in hand or the map open needs the place they take.
 */
export function CoachMarks() {
  const editor = useEditor();
  useSignal(editor.store.version);
  const tool = useSignal(editor.tool);
  const { minimap } = useSignal(editor.look);
  const busy = tool !== 'select' || minimap;
  const [at, setAt] = useState(0);
  const [seen, setSeen] = useState(() => preferences.get(kSeen, false));
  const began = useState(editor.store.size)[0];
  if (seen || busy || began > 0 || editor.store.size > began) return null;
  const done = () => {
    preferences.set(kSeen, true);
    setSeen(true);
  };
  const tip = kTips[at] ?? 'draw';
  const last = at === kTips.length - 1;
  const key = (id: string) => keyText(id) ?? '–';
  return (
    <section className="coach" aria-label={t('objects.coach.title')} data-testid="coach">
      <header>
        <h2>{t(`objects.coach.${tip}.title`)}</h2>
        <IconButton size="s" label={t('objects.coach.dismiss')} icon={<X />} onClick={done} />
      </header>
      <p>
        {t(`objects.coach.${tip}.text`, {
          box: key('tool.box'),
          polygon: key('tool.polygon'),
          segment: key('tool.segment'),
          palette: key('page.palette'),
          help: key('page.help'),
        })}
      </p>
      <footer>
        <span className="num">
          {at + 1} / {kTips.length}
        </span>
        <Button size="s" onClick={() => (last ? done() : setAt(at + 1))}>
          {last ? t('objects.coach.done') : t('objects.coach.next')}
        </Button>
      </footer>
    </section>
  );
}
