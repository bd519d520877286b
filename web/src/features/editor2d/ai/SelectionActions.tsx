import { Copy, WandSparkles } from 'lucide-react';
import { commandById } from '@/editor/commands/all';
import { keyText } from '@/editor/keys/keysOf';
import { t } from '@/i18n/i18n';
import { IconButton } from '@/ui/Button';
import { useSignal } from '../useSignal';
import { runCommand, useWorkspace } from '../workspace';

const kActions = [
  { id: 'ai.refine', testId: 'refine-button', icon: <WandSparkles /> },
  { id: 'ai.similar', testId: 'similar-button', icon: <Copy /> },
] as const;

/** What a model can do with the selected object; nothing where it can do nothing. */
export function SelectionActions() {
  const { commands } = useWorkspace();
  useSignal(commands.editor.selection);
  useSignal(commands.editor.store.version);
  return (
    <span className="ai-selection">
      {kActions.map(({ id, testId, icon }) => {
        const command = commandById(id);
        if (!command.enabled?.(commands)) return null;
        return (
          <IconButton
            key={id}
            size="s"
            label={t(command.title)}
            keys={keyText(id)}
            icon={icon}
            data-testid={testId}
            onClick={() => runCommand(command, commands)}
          />
        );
      })}
    </span>
  );
}
