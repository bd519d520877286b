import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { commandById } from '@/editor/commands/all';
import { commandTitle, type Command } from '@/editor/commands/command';
import { relabel } from '@/editor/commands/labelCommands';
import { keyText } from '@/editor/keys/keysOf';
import { takesShape } from '@/editor/labels';
import { t, type MessageKey } from '@/i18n/i18n';
import { usePortalContainer } from '@/ui/Portal';
import { useSignal } from '../useSignal';
import { runCommand, useEditor, useWorkspace } from '../workspace';

export interface ObjectMenuProps {
  /** Of the window. */
  at: readonly [number, number];
  onClose: () => void;
}

const kParts: readonly (readonly string[])[] = [
  ['edit.copy', 'edit.paste', 'edit.duplicate', 'edit.propagate', 'edit.delete'],
  ['view.hide', 'object.lock', 'object.pin', 'view.selection'],
  ['object.group', 'object.ungroup', 'object.selectGroup', 'tool.relation'],
  ['convert.mask', 'convert.polygon', 'convert.box', 'convert.choose'],
  ['edit.front', 'edit.forward', 'edit.backward', 'edit.back'],
  ['comment.place'],
];
const kNothingSelected: readonly (readonly string[])[] = [
  ['edit.paste', 'edit.all', 'edit.repeatPrevious'],
  ['view.fit', 'view.actual', 'view.hideAll'],
  ['page.palette', 'page.help'],
];

/** Shorter than in the help: here it is seen what they are for. */
const kShort: Readonly<Record<string, MessageKey>> = {
  'edit.delete': 'objects.row.delete',
  'edit.paste': 'objects.steps.paste',
  'edit.propagate': 'objects.propagate.title',
  'comment.place': 'objects.menu.comment',
};

function titleOf(command: Command): string {
  const short = kShort[command.id];
  return short ? t(short) : commandTitle(command);
}

/** What can be done with the selection, where it was asked for. */
export function ObjectMenu({ at, onClose }: ObjectMenuProps) {
  const editor = useEditor();
  const container = usePortalContainer();
  const some = useSignal(editor.selection).size > 0;
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => open || onClose()}>
      <DropdownMenu.Trigger asChild>
        <span
          className="menu-spot"
          aria-hidden="true"
          style={{ insetInlineStart: at[0], insetBlockStart: at[1] }}
        />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={container}>
        <DropdownMenu.Content
          className="menu annotate-glass object-menu"
          align="start"
          collisionPadding={8}
          aria-label={t('objects.menu.title')}
          data-testid="object-menu"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            document.querySelector<HTMLElement>('[data-editor-canvas]')?.focus();
          }}
        >
          {some ? <LabelMenu container={container} /> : null}
          {(some ? kParts : kNothingSelected).map((ids, index) => (
            <Part key={ids[0]} ids={ids} first={!some && index === 0} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Part({ ids, first }: { ids: readonly string[]; first: boolean }) {
  const { commands } = useWorkspace();
  const items = ids.flatMap((id): ReactNode[] => {
    const command = commandById(id);
    if (command.enabled && !command.enabled(commands)) return [];
    return [
      <DropdownMenu.Item
        key={id}
        className={id === 'edit.delete' ? 'menu-item danger' : 'menu-item'}
        data-testid={`menu-${id}`}
        onSelect={() => void runCommand(command, commands)}
      >
        <span className="menu-title">{titleOf(command)}</span>
        <kbd className="menu-key">{keyText(id)}</kbd>
      </DropdownMenu.Item>,
    ];
  });
  if (items.length === 0) return null;
  return (
    <>
      {first ? null : <DropdownMenu.Separator className="menu-sep" />}
      {items}
    </>
  );
}

function LabelMenu({ container }: { container: HTMLElement | undefined }) {
  const editor = useEditor();
  const labels = useSignal(editor.labels);
  const types = new Set(editor.selected().map((entry) => entry.annotation.shape.type));
  const fit = labels.filter((label) => [...types].every((type) => takesShape(label, type)));
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className="menu-item" data-testid="menu-label">
        <span className="menu-title">{t('objects.menu.label')}</span>
        <span aria-hidden="true">›</span>
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal container={container}>
        <DropdownMenu.SubContent
          className="menu annotate-glass object-menu"
          collisionPadding={8}
          data-testid="menu-labels"
        >
          {fit.map(({ id, name, color }) => (
            <DropdownMenu.Item
              key={id}
              className="menu-item"
              onSelect={() => relabel(editor, [...editor.selection.get()], id)}
            >
              <span className="swatch" style={{ background: color }} />
              <span className="truncate">{name}</span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  );
}
