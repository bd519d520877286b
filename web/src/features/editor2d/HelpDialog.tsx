import { Keyboard, Printer } from 'lucide-react';
import { useState } from 'react';
import { kCommands } from '@/editor/commands/all';
import {
  commandGroups,
  commandTitle,
  type Command,
  type CommandGroup,
} from '@/editor/commands/command';
import { keyChoice, keysOf } from '@/editor/keys/keysOf';
import { readableKey } from '@/editor/keymap';
import { t } from '@/i18n/i18n';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';

const kMouse = ['zoom', 'pan', 'add', 'below', 'vertex', 'point', 'unvertex', 'menu'] as const;

export interface HelpDialogProps {
  onClose: () => void;
  onKeys: () => void;
}

/** All keys as they are chosen now, to be searched and printed. */
export function HelpDialog({ onClose, onKeys }: HelpDialogProps) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const groups = [
    ...commandGroups.map((group) => ({
      title: t(`commands.groups.${group}`),
      rows: rowsOf(group),
    })),
    { title: t('commands.mouse.title'), rows: kMouse.map(mouseRow) },
  ];
  const found = groups
    .map(({ title, rows }) => ({ title, rows: rows.filter((row) => says(row, wanted)) }))
    .filter(({ rows }) => rows.length > 0);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('commands.help.title')}
      description={t('commands.help.about', {
        preset: t(`objects.keys.presets.${keyChoice().preset}`),
      })}
      width={880}
      testId="help-dialog"
      reading
    >
      <div className="help-tools">
        <input
          className="input input-s"
          type="search"
          placeholder={t('commands.help.find')}
          aria-label={t('commands.help.find')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button size="s" icon={<Keyboard />} data-testid="change-keys" onClick={onKeys}>
          {t('commands.help.change')}
        </Button>
        <Button size="s" icon={<Printer />} onClick={() => window.print()}>
          {t('commands.help.print')}
        </Button>
      </div>
      <div className="help">
        {found.map(({ title, rows }) => (
          <HelpGroup key={title} title={title} rows={rows} />
        ))}
        {found.length === 0 ? <p className="panel-note">{t('commands.help.nothing')}</p> : null}
      </div>
    </Dialog>
  );
}

type HelpRow = readonly [title: string, keys: readonly string[]];

function says([title, keys]: HelpRow, wanted: string): boolean {
  return [title, ...keys].some((part) => part.toLowerCase().includes(wanted));
}

function mouseRow(what: (typeof kMouse)[number]): HelpRow {
  return [t(`commands.mouse.${what}`), [t(`commands.mouse.${what}By`)]];
}

/** Second keys that only serve other keyboard layouts stay out of sight. */
const kKeysShown: Record<string, number> = { 'view.in': 1 };

function rowsOf(group: CommandGroup): HelpRow[] {
  const rows = kCommands
    .filter((command) => command.group === group && !isVariant(command))
    .map(rowOf);
  return group === 'labels' ? [...numberRows(), ...rows] : rows;
}

/** The far variant of an arrow key, and the numbers of labels and tags, are told by one row. */
function isVariant({ id }: Command): boolean {
  return id.endsWith('.far') || /^(?:label|tag)\.\d+$/.test(id);
}

function numberRows(): HelpRow[] {
  const range = (kind: 'label' | 'tag') => {
    const [first, last] = [
      keysOf(`${kind}.1`)[0],
      keysOf(`${kind}.10`)[0] ?? keysOf(`${kind}.9`)[0],
    ];
    return first && last ? [`${readableKey(first)} … ${readableKey(last)}`] : [];
  };
  return [
    [t('commands.help.labels'), range('label')],
    [t('commands.help.tags'), range('tag')],
  ];
}

function rowOf(command: Command): HelpRow {
  const keys = keysOf(command.id);
  return [commandTitle(command), keys.slice(0, kKeysShown[command.id] ?? 2).map(readableKey)];
}

function HelpGroup({ title, rows }: { title: string; rows: readonly HelpRow[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {rows.map(([name, keys]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key} className="kbd">
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
