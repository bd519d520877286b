import { kCommands } from '@/editor/commands/all';
import {
  commandGroups,
  commandTitle,
  type Command,
  type CommandGroup,
} from '@/editor/commands/command';
import { readableKey } from '@/editor/keymap';
import { t } from '@/i18n/i18n';
import { Dialog } from '@/ui/Dialog';

const kMouse = [
  ['Zoom', 'Wheel'],
  ['Pan', 'Space drag, middle drag'],
  ['Add to the selection', 'Shift or Ctrl click'],
  ['Next object below', 'Click again'],
  ['Add a vertex', 'Click an edge'],
  ['Delete a vertex', 'Alt click'],
] as const;

/** Second keys that only serve other keyboard layouts stay out of sight. */
const kKeysShown: Record<string, number> = { 'view.in': 1 };

export interface HelpDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function HelpDialog({ open, onOpenChange }: HelpDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keys and mouse"
      description="Keys work while the page, not a text field, has the focus."
      width={880}
      testId="help-dialog"
      reading
    >
      <div className="help">
        {commandGroups.map((group) => (
          <HelpGroup key={group} title={t(`commands.groups.${group}`)} rows={rowsOf(group)} />
        ))}
        <HelpGroup title="Mouse" rows={kMouse.map(([title, key]) => [title, [key]])} />
      </div>
    </Dialog>
  );
}

type HelpRow = readonly [title: string, keys: readonly string[]];

function rowsOf(group: CommandGroup): HelpRow[] {
  if (group === 'labels') return [['Choose label 1 to 10', ['1 … 9, 0']]];
  return kCommands.filter((command) => command.group === group && !isVariant(command)).map(rowOf);
}

/** The far variant of an arrow key is told in the title of the near one. */
function isVariant(command: Command): boolean {
  return command.id.endsWith('.far');
}

function rowOf(command: Command): HelpRow {
  return [
    commandTitle(command),
    command.keys.slice(0, kKeysShown[command.id] ?? 2).map(readableKey),
  ];
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
