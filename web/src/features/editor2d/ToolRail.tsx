import { MessageSquarePlus, MousePointer2, Pentagon, Square, WandSparkles } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ToolId } from '@/editor/editor';
import { classes } from '@/ui/classes';
import { Tooltip } from '@/ui/Tooltip';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';

interface RailTool {
  id: ToolId;
  title: string;
  hint: string;
  keys: string;
  icon: ReactNode;
  testId: string;
  ai?: boolean;
}

const kTools: readonly RailTool[] = [
  {
    id: 'select',
    title: 'Select',
    hint: 'Move, resize, edit vertices',
    keys: 'V',
    icon: <MousePointer2 aria-hidden="true" />,
    testId: 'select-tool',
  },
  {
    id: 'box',
    title: 'Box',
    hint: 'Drag, or click two corners',
    keys: 'R',
    icon: <Square aria-hidden="true" />,
    testId: 'detection-tool',
  },
  {
    id: 'polygon',
    title: 'Polygon',
    hint: 'Click vertices, Enter closes',
    keys: 'P',
    icon: <Pentagon aria-hidden="true" />,
    testId: 'polygon-tool',
  },
  {
    id: 'segment',
    title: 'AI click',
    hint: 'Click an object, get its outline',
    keys: 'A',
    icon: <WandSparkles aria-hidden="true" />,
    testId: 'segment-tool',
    ai: true,
  },
  {
    id: 'comment',
    title: 'Comment',
    hint: 'Click a spot and say something',
    keys: 'C',
    icon: <MessageSquarePlus aria-hidden="true" />,
    testId: 'comment-tool',
  },
];

export function ToolRail() {
  const editor = useEditor();
  const active = useSignal(editor.tool);
  return (
    <div
      className="rail annotate-tool-glass"
      role="toolbar"
      aria-label="Tools"
      aria-orientation="vertical"
    >
      {kTools.map((tool) => (
        <Tooltip key={tool.id} side="right" keys={tool.keys} label={<RailLabel tool={tool} />}>
          <button
            type="button"
            className={classes('rail-tool', tool.ai && 'rail-ai')}
            aria-label={tool.title}
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
      <strong>{tool.title}</strong>
      <span>{tool.hint}</span>
    </span>
  );
}
