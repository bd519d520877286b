import { Check, ChevronRight } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useEffect, useState } from 'react';
import type { ToolId } from '@/editor/editor';
import { t } from '@/i18n/i18n';
import { preferences } from '@/net/preferences';
import { classes } from '@/ui/classes';
import { usePortalContainer } from '@/ui/Portal';
import { keyText } from '@/editor/keys/keysOf';
import { Tooltip } from '@/ui/Tooltip';
import { useSignal } from '../useSignal';
import { useEditor } from '../workspace';
import type { RailGroup } from './groups';
import type { RailTool } from './railTool';

/** As they are bound now; `tool.keys` for a tool whose command has another name. */
function keysFor(tool: RailTool): string {
  return keyText(`tool.${tool.id}`) ?? tool.keys;
}

interface RailGroupProps {
  group: RailGroup;
  /** Those of the group that this build has, at least one. */
  tools: readonly RailTool[];
}

/** The tool used last, and a caret that opens the others of its group. */
export function RailGroupButtons({ group, tools }: RailGroupProps) {
  const editor = useEditor();
  const active = useSignal(editor.tool);
  const top = useTop(group.name, tools, active);
  const choose = (id: ToolId) => editor.tool.set(id);
  return (
    <div className="rail-group" role="group" aria-label={group.title ? t(group.title) : undefined}>
      <RailButton tool={top} pressed={active === top.id} onClick={() => choose(top.id)} />
      {tools.length > 1 ? (
        <RailFlyout group={group} tools={tools} top={top} active={active} onChoose={choose} />
      ) : null}
    </div>
  );
}

/** Remembered from visit to visit. */
function useTop(name: string, tools: readonly RailTool[], active: ToolId): RailTool {
  const preference = `rail.${name}`;
  const [last, setLast] = useState(() => preferences.get<string>(preference, ''));
  const used = tools.find((tool) => tool.id === active)?.id ?? null;
  useEffect(() => {
    if (used === null || used === last) return;
    setLast(used);
    preferences.set(preference, used);
  }, [used, last, preference]);
  return tools.find((tool) => tool.id === (used ?? last)) ?? tools[0]!;
}

interface RailButtonProps {
  tool: RailTool;
  pressed: boolean;
  onClick: () => void;
}

function RailButton({ tool, pressed, onClick }: RailButtonProps) {
  const keys = keysFor(tool);
  return (
    <Tooltip side="right" keys={keys} label={<RailLabel tool={tool} />}>
      <button
        type="button"
        className={classes('rail-tool', tool.ai && 'rail-ai')}
        aria-label={t(tool.title)}
        aria-pressed={pressed}
        aria-keyshortcuts={keys.replaceAll(' ', '+')}
        data-testid={tool.testId}
        onClick={onClick}
      >
        {tool.icon}
        {keys.length === 1 ? (
          <span className="rail-key" aria-hidden="true">
            {keys}
          </span>
        ) : null}
      </button>
    </Tooltip>
  );
}

function RailLabel({ tool }: { tool: RailTool }) {
  return (
    <span className="rail-tip">
      <strong>{t(tool.title)}</strong>
      <span>{t(tool.hint)}</span>
    </span>
  );
}

interface RailFlyoutProps extends RailGroupProps {
  top: RailTool;
  active: ToolId;
  onChoose: (id: ToolId) => void;
}

function RailFlyout({ group, tools, top, active, onChoose }: RailFlyoutProps) {
  const container = usePortalContainer();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        className="rail-caret"
        aria-label={t('tools.groups.more', { group: group.title ? t(group.title) : '' })}
        data-testid={`rail-group-${group.name}`}
        data-tools={tools.map((tool) => tool.testId).join(' ')}
      >
        <ChevronRight aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={container}>
        <DropdownMenu.Content
          className="menu annotate-glass"
          side="right"
          align="start"
          sideOffset={8}
          collisionPadding={8}
        >
          <DropdownMenu.RadioGroup value={active} onValueChange={(id) => onChoose(id as ToolId)}>
            {tools.map((tool) => (
              <DropdownMenu.RadioItem
                key={tool.id}
                className="menu-item rail-item"
                value={tool.id}
                // The tool on top has its test id on the rail.
                data-testid={tool === top ? undefined : tool.testId}
              >
                {tool.icon}
                <span>{t(tool.title)}</span>
                <kbd className="kbd">{keysFor(tool)}</kbd>
                <DropdownMenu.ItemIndicator>
                  <Check aria-hidden="true" />
                </DropdownMenu.ItemIndicator>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
