import { Command, defaultFilter } from 'cmdk';
import { useMemo, useState } from 'react';
import { kCommands } from '@/editor/commands/all';
import {
  commandGroups,
  commandTitle,
  type Command as EditorCommand,
} from '@/editor/commands/command';
import { chooseLabel } from '@/editor/commands/labelCommands';
import { keyText } from '@/editor/keys/keysOf';
import { t } from '@/i18n/i18n';
import type { Asset } from '@/net/api';
import { Dialog } from '@/ui/Dialog';
import { useSignal } from '../useSignal';
import { runCommand, useEditor, useWorkspace } from '../workspace';

export interface PaletteProps {
  onClose: () => void;
  /** Images that can be gone to. */
  images: readonly Asset[];
  onImage: (assetId: string) => void;
}

interface Choice {
  id: string;
  title: string;
  hint: string | undefined;
  color: string | null;
  run: () => void;
}

/** So many of each kind are shown; who wants another one types more. */
const kShownMax = 40;
const kPoor = 0.02;

/** Everything that can be done or gone to, by typing some of its letters. */
export default function Palette({ onClose, images, onImage }: PaletteProps) {
  const [text, setText] = useState('');
  const kinds = useChoices(images, onImage);
  const found = useMemo(
    () => kinds.map(({ title, choices }) => ({ title, choices: ranked(choices, text) })),
    [kinds, text],
  );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('objects.palette.title')}
      width={620}
      testId="palette"
    >
      <Command className="palette" shouldFilter={false} label={t('objects.palette.title')} loop>
        <Command.Input
          className="input"
          autoFocus
          value={text}
          onValueChange={setText}
          placeholder={t('objects.palette.placeholder')}
        />
        <Command.List className="palette-list" label={t('objects.palette.found')}>
          <Command.Empty className="panel-note">{t('objects.palette.nothing')}</Command.Empty>
          {found.map(({ title, choices }) =>
            choices.length === 0 ? null : (
              <Command.Group key={title} heading={title}>
                {choices.map((choice) => (
                  <PaletteItem key={choice.id} choice={choice} onDone={onClose} />
                ))}
              </Command.Group>
            ),
          )}
        </Command.List>
      </Command>
    </Dialog>
  );
}

function PaletteItem({ choice, onDone }: { choice: Choice; onDone: () => void }) {
  const { id, title, hint, color, run } = choice;
  return (
    <Command.Item
      value={id}
      className="palette-item"
      data-testid="palette-item"
      onSelect={() => {
        onDone();
        // After the dialog has given the focus back, so that what opens next may take it.
        setTimeout(run);
      }}
    >
      {color ? <span className="swatch" style={{ background: color }} /> : null}
      <span className="truncate">{title}</span>
      {hint ? <kbd className="kbd">{hint}</kbd> : null}
    </Command.Item>
  );
}

interface Kind {
  title: string;
  choices: readonly Choice[];
}

function useChoices(images: readonly Asset[], onImage: (assetId: string) => void): Kind[] {
  const { commands } = useWorkspace();
  const editor = useEditor();
  const labels = useSignal(editor.labels);
  return useMemo(
    () => [
      {
        title: t('objects.palette.commands'),
        choices: kCommands
          .filter(isOffered)
          .filter((command) => !command.enabled || command.enabled(commands))
          .map((command) => ({
            id: command.id,
            title: `${t(`commands.groups.${command.group}`)}: ${commandTitle(command)}`,
            hint: keyText(command.id),
            color: null,
            run: () => void runCommand(command, commands),
          })),
      },
      {
        title: t('objects.palette.labels'),
        choices: labels.map(({ id, name, color }, index) => ({
          id: `label-${id}`,
          title: name,
          hint: index < 10 ? keyText(`label.${index + 1}`) : undefined,
          color,
          run: () => chooseLabel(editor, id),
        })),
      },
      {
        title: t('objects.palette.images'),
        choices: images.map(({ id, filename }) => ({
          id: `image-${id}`,
          title: filename,
          hint: undefined,
          color: null,
          run: () => onImage(id),
        })),
      },
    ],
    [commands, editor, labels, images, onImage],
  );
}

/** Labels stand for themselves; a focused suggestion has its own keys. */
function isOffered({ id, group, scope }: EditorCommand): boolean {
  if (id.endsWith('.far') || id === 'page.palette') return false;
  const labelled = /^(?:label|tag)\.\d+$/.test(id);
  return scope === undefined && !labelled && commandGroups.includes(group);
}

function ranked(choices: readonly Choice[], text: string): Choice[] {
  if (text.trim() === '') return choices.slice(0, kShownMax);
  return choices
    .map((choice) => ({ choice, score: defaultFilter?.(choice.title, text, []) ?? 0 }))
    .filter(({ score }) => score > kPoor)
    .sort((a, b) => b.score - a.score)
    .slice(0, kShownMax)
    .map(({ choice }) => choice);
}
