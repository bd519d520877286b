import { Tabs } from 'radix-ui';
import { t } from '@/i18n/i18n';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';
import { filterThreads } from '../comments/threadList';
import type { Threads } from '../comments/useThreads';
import { LabelPicker } from './LabelPicker';
import { later } from './later';
import { ObjectsPanel } from './objects/ObjectsPanel';

const CommentsPanel = later(async () => (await import('../comments/CommentsPanel')).CommentsPanel);

const HistoryPanel = later(async () => (await import('../history/HistoryPanel')).HistoryPanel);
const ImagePanel = later(async () => (await import('./objects/ImagePanel')).ImagePanel);

export const sideTabs = ['objects', 'image', 'comments', 'history'] as const;
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
      <Tabs.List className="side-tabs" aria-label={t('editor.tabs.title')}>
        <Tabs.Trigger value="objects">{t('editor.tabs.objects')}</Tabs.Trigger>
        <Tabs.Trigger value="image" data-testid="tab-image">
          {t('editor.tabs.image')}
        </Tabs.Trigger>
        <Tabs.Trigger value="comments" data-testid="tab-comments">
          {t('editor.tabs.comments')}
          {open > 0 ? <span className="num side-count">{open}</span> : null}
        </Tabs.Trigger>
        <Tabs.Trigger value="history" data-testid="tab-history">
          {t('editor.tabs.history')}
          {past ? (
            <span className="side-past">
              <span className="visually-hidden">{t('editor.tabs.earlier')}</span>
            </span>
          ) : null}
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="objects" className="side-tab">
        <LabelPicker />
        <ObjectsPanel />
      </Tabs.Content>
      <Tabs.Content value="image" className="side-tab">
        <ImagePanel />
      </Tabs.Content>
      <Tabs.Content value="comments" className="side-tab">
        <CommentsPanel threads={threads} />
      </Tabs.Content>
      <Tabs.Content value="history" className="side-tab">
        <HistoryPanel objectId={objectId} onWholeImage={onWholeImage} />
      </Tabs.Content>
    </Tabs.Root>
  );
}
