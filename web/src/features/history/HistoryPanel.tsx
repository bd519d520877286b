import { History, Sparkles, Undo2, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { t } from '@/i18n/i18n';
import type { Editor } from '@/editor/editor';
import { errorText } from '@/net/http';
import { Button, IconButton } from '@/ui/Button';
import { Select } from '@/ui/Select';
import { Skeleton } from '@/ui/Skeleton';
import { useSignal } from '../editor2d/useSignal';
import { useWorkspace } from '../editor2d/workspace';
import { formatClock } from './clock';
import { authorsOf, groupHistory, type HistoryGroup } from './historyGroups';
import { RevertDialog, type RevertTarget } from './RevertDialog';
import { useHistory, useObjectNames, type AssetHistory } from './useHistory';
import { useTimeTravel, type TimeTravel } from './useTimeTravel';
import './history.css';

export interface HistoryPanelProps {
  /** Only what was done to this object. */
  objectId: string | null;
  onWholeImage: () => void;
}

/** What was done to this image, newest first; choosing a line shows the image as it then was. */
export function HistoryPanel({ objectId, onWholeImage }: HistoryPanelProps) {
  const { editor, asset } = useWorkspace();
  const history = useHistory(editor, asset.id, objectId);
  const names = useObjectNames(editor, history.items);
  const travel = useTimeTravel(editor, asset.id);
  const [chosen, setChosen] = useState('');
  const [reverting, setReverting] = useState<RevertTarget | null>(null);
  const authors = useMemo(() => authorsOf(history.items), [history.items]);
  const author = authors.find(({ id }) => id === chosen) ?? null;
  const groups = useMemo(() => {
    const kept = author
      ? history.items.filter(({ created_by: by }) => by.id === author.id)
      : history.items;
    return groupHistory(kept, names);
  }, [history.items, author, names]);

  return (
    <section className="history" aria-label={t('history.title')} data-testid="history-panel">
      <div className="history-filter">
        {objectId !== null ? (
          <span className="history-object">
            <span className="truncate">
              {t('history.only', { what: names.object(objectId) ?? t('history.oneObject') })}
            </span>
            <IconButton
              size="s"
              label={t('history.wholeImage')}
              icon={<X />}
              onClick={onWholeImage}
            />
          </span>
        ) : null}
        <Select
          small
          aria-label={t('history.whose')}
          data-testid="history-author"
          value={author?.id ?? ''}
          options={[
            { value: '', label: t('history.everyone') },
            ...authors.map(({ id, name }) => ({ value: id, label: name || t('history.someone') })),
          ]}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
        {author && objectId === null ? (
          <Button
            size="s"
            icon={<Undo2 />}
            data-testid="revert-person"
            onClick={() => setReverting({ kind: 'person', id: author.id, name: author.name })}
          >
            {t('history.takeAllBack')}
          </Button>
        ) : null}
      </div>
      <HistoryBody
        history={history}
        groups={groups}
        // Of one object's log the end is not the image's.
        now={objectId === null ? (history.items[0]?.revision ?? null) : null}
        travel={travel}
        onRevertRun={(id) => setReverting({ kind: 'run', id, name: t('history.revert.thisRun') })}
      />
      {reverting ? (
        <RevertDialog
          target={reverting}
          assetId={asset.id}
          editor={editor}
          onClose={() => setReverting(null)}
        />
      ) : null}
    </section>
  );
}

interface HistoryBodyProps {
  history: AssetHistory;
  groups: readonly HistoryGroup[];
  /** The newest revision of the image, where it is known. */
  now: number | null;
  travel: TimeTravel;
  onRevertRun: (run: string) => void;
}

function HistoryBody({ history, groups, now, travel, onRevertRun }: HistoryBodyProps) {
  if (history.status === 'loading') {
    return (
      <div className="side-loading" aria-busy="true">
        <Skeleton height={44} />
        <Skeleton height={44} />
        <Skeleton height={44} />
      </div>
    );
  }
  if (history.status === 'failed') {
    return (
      <div className="panel-note" role="alert">
        <span>{errorText(history.error)}</span>
        <Button size="s" onClick={history.reload}>
          {t('common.tryAgain')}
        </Button>
      </div>
    );
  }
  if (groups.length === 0) {
    return (
      <div className="objects-empty">
        <History aria-hidden="true" />
        <p>{t('history.nothing')}</p>
      </div>
    );
  }
  return (
    <div className="side-scroll" tabIndex={0} role="group" aria-label={t('history.list')}>
      <ol className="history-list">
        {groups.map((group) => (
          <GroupRow
            key={group.key}
            group={group}
            now={now}
            travel={travel}
            onRevertRun={onRevertRun}
          />
        ))}
      </ol>
      {history.hasMore ? (
        <div className="history-more">
          <Button size="s" busy={history.loadingMore} onClick={history.loadMore}>
            {t('history.older')}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

interface GroupRowProps {
  group: HistoryGroup;
  now: number | null;
  travel: TimeTravel;
  onRevertRun: (run: string) => void;
}

function GroupRow({ group, now, travel, onRevertRun }: GroupRowProps) {
  const { editor } = useWorkspace();
  const past = useSignal(editor.past);
  const { by, at, run, source, lines } = group;
  const { color } = usePersonColor(by.id);
  return (
    <li className="history-group" data-testid="history-group">
      <div className="history-head">
        <span className="person-dot" style={{ background: color }} aria-hidden="true" />
        <strong className="truncate">{by.name || t('history.someone')}</strong>
        {source === 'model' ? (
          <span className="history-run" title={run ? t('history.modelRun', { run }) : undefined}>
            <Sparkles aria-hidden="true" /> {t('history.model')}
          </span>
        ) : null}
        <time dateTime={at}>{formatClock(at)}</time>
        {run ? (
          <IconButton
            size="s"
            label={t('history.takeRunBack')}
            icon={<Undo2 />}
            onClick={() => onRevertRun(run)}
          />
        ) : null}
      </div>
      <ul>
        {lines.map((line) => {
          const newest = line.revision === now;
          const shown = past ? past.revision === line.revision : newest;
          const choose = () => (newest ? editor.travel(null) : travel.goTo(line.revision, at));
          return (
            <li key={line.revision}>
              <button
                type="button"
                className="history-line"
                data-testid="history-line"
                aria-current={shown || undefined}
                aria-busy={travel.going === line.revision || undefined}
                onClick={choose}
                onPointerEnter={() => editor.hovered.set(onlyPresent(line.targets, editor))}
                onPointerLeave={() => editor.hovered.set(null)}
              >
                <span>{line.text}</span>
                {newest ? <small>{t('history.now')}</small> : null}
              </button>
            </li>
          );
        })}
      </ul>
    </li>
  );
}

function onlyPresent(targets: readonly string[], editor: Editor): string | null {
  const [id, ...others] = targets;
  return id !== undefined && others.length === 0 && editor.store.get(id) ? id : null;
}

/** The colour a person has at this image while they are here. */
function usePersonColor(userId: string): { color: string } {
  const { editor } = useWorkspace();
  const people = useSignal(editor.company.people);
  const self = useSignal(editor.company.self);
  const known = self?.id === userId ? self : people.find((person) => person.userId === userId);
  return { color: known?.color ?? 'var(--control-edge)' };
}
