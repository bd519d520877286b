import { Tabs } from 'radix-ui';
import { lazy, Suspense } from 'react';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';
import { CommentsPanel } from '../comments/CommentsPanel';
import { filterThreads } from '../comments/threadList';
import type { Threads } from '../comments/useThreads';
import { LabelPicker } from './LabelPicker';
import { ObjectsPanel } from './ObjectsPanel';

const HistoryPanel = lazy(async () => {
  const module = await import('../history/HistoryPanel');
  return { default: module.HistoryPanel };
});

export const sideTabs = ['objects', 'comments', 'history'] as const;
export type SideTab = (typeof sideTabs)[number];

export interface SidePanelProps {
  tab: SideTab;
  onTab: (tab: SideTab) => void;
  threads: Threads;
  /** The object whose history is looked at. */
  objectId: string | null;
  onWholeImage: () => void;
}

export function SidePanel({ tab, onTab, threads, objectId, onWholeImage }: SidePanelProps) {
  const editor = useEditor();
  const past = useSignal(editor.past);
  const open = filterThreads(threads.items, 'open').length;
  return (
    <Tabs.Root
      className="side-main annotate-glass"
      value={tab}
      onValueChange={(value) => onTab(value as SideTab)}
    >
      <Tabs.List className="side-tabs" aria-label="Panels">
        <Tabs.Trigger value="objects">Objects</Tabs.Trigger>
        <Tabs.Trigger value="comments" data-testid="tab-comments">
          Comments
          {open > 0 ? <span className="num side-count">{open}</span> : null}
        </Tabs.Trigger>
        <Tabs.Trigger value="history" data-testid="tab-history">
          History
          {past ? (
            <span className="side-past">
              <span className="visually-hidden">, showing an earlier state</span>
            </span>
          ) : null}
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="objects" className="side-tab">
        <LabelPicker />
        <ObjectsPanel />
      </Tabs.Content>
      <Tabs.Content value="comments" className="side-tab">
        <CommentsPanel threads={threads} />
      </Tabs.Content>
      <Tabs.Content value="history" className="side-tab">
        <Suspense fallback={null}>
          <HistoryPanel objectId={objectId} onWholeImage={onWholeImage} />
        </Suspense>
      </Tabs.Content>
    </Tabs.Root>
  );
}
