import { t } from '@/i18n/i18n';
import { classes } from '@/ui/classes';
import { Tooltip } from '@/ui/Tooltip';
import { kCoreRail } from './rail/core';
import { kMaskRail } from './rail/mask';
import type { RailTool } from './rail/railTool';
import { kStructureRail } from './rail/structure';
import { kVectorRail } from './rail/vector';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';

const kRail: readonly RailTool[] = [...kCoreRail, ...kVectorRail, ...kMaskRail, ...kStructureRail];

export function ToolRail() {
  const editor = useEditor();
  const active = useSignal(editor.tool);
  return (
    <div
      className="rail annotate-tool-glass"
      role="toolbar"
      aria-label={t('tools.rail')}
      aria-orientation="vertical"
    >
      {kRail.map((tool) => (
        <Tooltip key={tool.id} side="right" keys={tool.keys} label={<RailLabel tool={tool} />}>
          <button
            type="button"
            className={classes('rail-tool', tool.ai && 'rail-ai')}
            aria-label={t(tool.title)}
            aria-pressed={active === tool.id}
            aria-keyshortcuts={tool.keys}
            data-testid={tool.testId}
            onClick={() => editor.tool.set(tool.id)}
          >
            {tool.icon}
            <span className="rail-key" aria-hidden="true">
              {tool.keys}
            </span>
          </button>
        </Tooltip>
      ))}
    </div>
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
