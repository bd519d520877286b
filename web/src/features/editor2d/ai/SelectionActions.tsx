import { Copy, WandSparkles } from 'lucide-react';
import type { ReactNode } from 'react';
import { commandById } from '@/editor/commands/all';
import { readableKey } from '@/editor/keymap';
import { t, type MessageKey } from '@/i18n/i18n';
import { Button } from '@/ui/Button';
import { useSignal } from '../useSignal';
import { runCommand, useWorkspace } from '../workspace';

interface Action {
  command: string;
  text: MessageKey;
  testId: string;
  icon: ReactNode;
}

/** What a model can do with the selected object; nothing where it can do nothing. */
export function SelectionActions() {
  const { commands } = useWorkspace();
  useSignal(commands.editor.selection);
  useSignal(commands.editor.store.version);
  const actions: Action[] = [
    { command: 'ai.refine', text: 'ai.refine', testId: 'refine-button', icon: <WandSparkles /> },
    { command: 'ai.similar', text: 'ai.similar', testId: 'similar-button', icon: <Copy /> },
  ];
  const shown = actions.filter(({ command }) => commandById(command).enabled?.(commands));
  if (shown.length === 0) return null;
  return (
    <div className="ai-selection">
      {shown.map(({ command, text, testId, icon }) => (
        <Button
          key={command}
          size="s"
          variant="ghost"
          icon={icon}
          title={t(commandById(command).title)}
          data-testid={testId}
          onClick={() => runCommand(commandById(command), commands)}
        >
          {t(text)} <kbd>{readableKey(commandById(command).keys[0]!)}</kbd>
        </Button>
      ))}
    </div>
  );
}
