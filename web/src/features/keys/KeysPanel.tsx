/** Which keys run what: presets, own keys, and whether letters alone count. */
import { RotateCcw, TriangleAlert, X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { kCommands } from '@/editor/commands/all';
import { commandById } from '@/editor/commands/all';
import { commandGroups, commandTitle, type Command } from '@/editor/commands/command';
import { conflictsOf, type Conflict } from '@/editor/keys/bindings';
import { boundKeys, chooseKeys, keysOf, remap } from '@/editor/keys/keysOf';
import { readableKey } from '@/editor/keymap';
import { t } from '@/i18n/i18n';
import { Button, IconButton } from '@/ui/Button';
import { Checkbox } from '@/ui/Input';
import { KeyCapture } from './KeyCapture';
import { PresetChoice, useKeyChoice } from './PresetChoice';
import './keys.css';

export function KeysPanel() {
  const choice = useKeyChoice();
  const [text, setText] = useState('');
  const conflicts = useMemo(() => conflictsOf(kCommands, boundKeys()), [choice]);
  const wanted = text.trim().toLowerCase();
  const shown = (command: Command) =>
    !command.id.endsWith('.far') &&
    (commandTitle(command).toLowerCase().includes(wanted) ||
      keysOf(command.id).some((key) => readableKey(key).toLowerCase().includes(wanted)));
  return (
    <div className="keys">
      <PresetChoice />
      <Checkbox
        checked={choice.single}
        onChange={(event) => chooseKeys({ single: event.currentTarget.checked })}
        label={t('objects.keys.single')}
        hint={t('objects.keys.singleHint')}
      />
      <ConflictList conflicts={conflicts} />
      <div className="keys-search">
        <input
          className="input input-s"
          type="search"
          placeholder={t('objects.keys.find')}
          aria-label={t('objects.keys.find')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button
          size="s"
          icon={<RotateCcw />}
          disabled={Object.keys(choice.own).length === 0}
          onClick={() => chooseKeys({ own: {} })}
        >
          {t('objects.keys.resetAll')}
        </Button>
      </div>
      {commandGroups.map((group) => {
        const commands = kCommands.filter((one) => one.group === group).filter(shown);
        if (commands.length === 0) return null;
        return (
          <section key={group} className="keys-group">
            <h3>{t(`commands.groups.${group}`)}</h3>
            <ul>
              {commands.map((command) => (
                <KeyRow key={command.id} command={command} conflicts={conflicts} />
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

function ConflictList({ conflicts }: { conflicts: readonly Conflict[] }) {
  if (conflicts.length === 0) return null;
  return (
    <div className="keys-conflicts" role="alert" data-testid="key-conflicts">
      {conflicts.map(({ key, commands }) => (
        <p key={`${key} ${commands.join()}`}>
          <TriangleAlert aria-hidden="true" />
          {t('objects.keys.conflict', {
            key: readableKey(key),
            first: commandTitle(commandById(commands[0]!)),
            others: commands
              .slice(1)
              .map((id) => commandTitle(commandById(id)))
              .join(', '),
          })}
        </p>
      ))}
    </div>
  );
}

/** The button that a field has stood in for gets the focus back. */
function useFocusBack(away: boolean) {
  const button = useRef<HTMLButtonElement>(null);
  const wasAway = useRef(away);
  useEffect(() => {
    if (wasAway.current && !away) button.current?.focus();
    wasAway.current = away;
  }, [away]);
  return button;
}

interface KeyRowProps {
  command: Command;
  conflicts: readonly Conflict[];
}

function KeyRow({ command, conflicts }: KeyRowProps) {
  const [capturing, setCapturing] = useState(false);
  const adder = useFocusBack(capturing);
  const { id } = command;
  const title = commandTitle(command);
  const keys = keysOf(id);
  const own = useKeyChoice().own[id] !== undefined;
  const clashes = conflicts.some((conflict) => conflict.commands.includes(id));
  return (
    <li data-testid={`keys-${id}`} data-clash={clashes || undefined}>
      <span className="keys-title">{title}</span>
      <span className="keys-of">
        {keys.map((key) => (
          <span key={key} className="keys-key">
            <kbd className="kbd">{readableKey(key)}</kbd>
            <IconButton
              size="s"
              label={t('objects.keys.remove', { key: readableKey(key), title })}
              icon={<X />}
              onClick={() =>
                remap(
                  id,
                  keys.filter((one) => one !== key),
                )
              }
            />
          </span>
        ))}
        {capturing ? (
          <KeyCapture
            command={command}
            onKey={(key) => {
              setCapturing(false);
              if (key !== null) remap(id, [...keys.filter((one) => one !== key), key]);
            }}
          />
        ) : (
          <Button
            ref={adder}
            size="s"
            variant="ghost"
            aria-label={t('objects.keys.addTo', { title })}
            onClick={() => setCapturing(true)}
          >
            {t('objects.keys.add')}
          </Button>
        )}
        {own ? (
          <IconButton
            size="s"
            label={t('objects.keys.reset', { title })}
            icon={<RotateCcw />}
            onClick={() => remap(id, null)}
          />
        ) : null}
      </span>
    </li>
  );
}
