import { t } from '@/i18n/i18n';
import { kTools } from '@/tools/toolbox';
import { kCoreRail } from './rail/core';
import { kRailGroups } from './rail/groups';
import { kMaskRail } from './rail/mask';
import { RailGroupButtons } from './rail/RailGroupButtons';
import './rail/rail.css';
import type { RailTool } from './rail/railTool';
import { kStructureRail } from './rail/structure';
import { kVectorRail } from './rail/vector';

const kRail: readonly RailTool[] = [...kCoreRail, ...kVectorRail, ...kMaskRail, ...kStructureRail];

/** A tool that this build lacks does not show, nor does a group without tools. */
const kGroups = kRailGroups.flatMap((group) => {
  const tools = group.tools
    .filter((id) => kTools[id])
    .flatMap((id) => kRail.find((tool) => tool.id === id) ?? []);
  return tools.length > 0 ? [{ group, tools }] : [];
});

export function ToolRail() {
  return (
    <div
      className="rail annotate-tool-glass"
      role="toolbar"
      aria-label={t('tools.rail')}
      aria-orientation="vertical"
    >
      {kGroups.map(({ group, tools }) => (
        <RailGroupButtons key={group.name} group={group} tools={tools} />
      ))}
    </div>
  );
}
