import { useEffect, useRef, useState } from 'react';
import { kCommands } from '@/editor/commands/all';
import { commandTitle, type Command } from '@/editor/commands/command';
import { belongsToBrowser, normalKey, scopeOf } from '@/editor/keys/bindings';
import { keysOf, remap } from '@/editor/keys/keysOf';
import { keyOfPress, readableKey } from '@/editor/keymap';
import { t } from '@/i18n/i18n';
import { Button } from '@/ui/Button';

export interface KeyCaptureProps {
  command: Command;
  /** Null: left as it was. */
  onKey: (key: string | null) => void;
}

/** Waits for a press; says who has it already, and takes it over only when that is meant. */
export function KeyCapture({ command, onKey }: KeyCaptureProps) {
  const field = useRef<HTMLButtonElement>(null);
  const [taken, setTaken] = useState<{ key: string; by: Command } | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  useEffect(() => field.current?.focus(), []);
  const hear = (event: React.KeyboardEvent) => {
    // Tab and Escape lead away, as everywhere.
    if (event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return onKey(null);
    const key = keyOfPress(event.nativeEvent);
    if (key === null) return;
    if (belongsToBrowser(key)) return setRefused(key);
    const owner = ownerOf(command, key);
    if (owner) setTaken({ key, by: owner });
    else onKey(key);
  };
  if (taken) {
    return (
      <span className="keys-taken" role="alert">
        {t('objects.keys.taken', { key: readableKey(taken.key), title: commandTitle(taken.by) })}
        <Button
          size="s"
          autoFocus
          data-testid="key-take"
          onClick={() => {
            takeFrom(taken.by, taken.key);
            onKey(taken.key);
          }}
        >
          {t('objects.keys.take')}
        </Button>
        <Button size="s" variant="ghost" onClick={() => onKey(null)}>
          {t('objects.keys.keep')}
        </Button>
      </span>
    );
  }
  return (
    <button
      ref={field}
      type="button"
      className="keys-capture"
      data-testid="key-capture"
      onKeyDown={hear}
      onBlur={() => onKey(null)}
    >
      {refused === null
        ? t('objects.keys.press')
        : t('objects.keys.browser', { key: readableKey(refused) })}
    </button>
  );
}

function ownerOf(command: Command, key: string): Command | null {
  const wanted = normalKey(key);
  const owner = kCommands.find(
    (other) =>
      other.id !== command.id &&
      scopeOf(other) === scopeOf(command) &&
      keysOf(other.id).some((one) => normalKey(one) === wanted),
  );
  return owner ?? null;
}

function takeFrom(owner: Command, key: string): void {
  const wanted = normalKey(key);
  remap(
    owner.id,
    keysOf(owner.id).filter((one) => normalKey(one) !== wanted),
  );
}
