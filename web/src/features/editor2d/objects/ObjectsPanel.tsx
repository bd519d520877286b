import { Eye, EyeOff, Layers, Search, SquareDashed } from 'lucide-react';
import { keyText } from '@/editor/keys/keysOf';
import { toggleMark } from '@/editor/objects/marks';
import { groupings } from '@/editor/objects/rows';
import { t } from '@/i18n/i18n';
import { IconButton } from '@/ui/Button';
import { Menu, MenuHead, MenuItem } from '@/ui/Menu';
import { calm, useSignal } from '../useSignal';
import { useEditor } from '../workspace';
import { FilterMenu } from './FilterMenu';
import { chooseGrouping, rowsOf } from './rowsOf';
import { later } from '../later';
import { SelectionWarnings } from './SelectionWarnings';
import './objects.css';

const ObjectTree = later(
  async () => (await import('./ObjectTree')).ObjectTree,
  <div className="object-list" />,
);
const ObjectDetails = later(async () => (await import('../ObjectDetails')).ObjectDetails);
const FilterChips = later(async () => (await import('./FilterChips')).FilterChips);
const RelationList = later(async () => (await import('./RelationList')).RelationList);

export function ObjectsPanel() {
  const editor = useEditor();
  const rows = rowsOf(editor);
  useSignal(rows.version);
  useSignal(editor.store.version);
  const selection = useSignal(calm(editor.selection));
  const layout = rows.layout();
  const all = editor.store.size;
  return (
    <section className="objects" aria-label={t('objects.title')}>
      <ObjectsHead shown={layout.objects} all={all} />
      <FilterChips />
      {all === 0 ? <NoObjects /> : layout.objects === 0 ? <NoMatch /> : <ObjectTree />}
      {selection.size > 0 ? (
        <div className="object-foot">
          <ObjectDetails />
          <SelectionWarnings />
          <RelationList />
        </div>
      ) : null}
    </section>
  );
}

function ObjectsHead({ shown, all }: { shown: number; all: number }) {
  const editor = useEditor();
  const hidden = useSignal(editor.hidden);
  const criteria = useSignal(editor.filter.criteria);
  const allHidden = all > 0 && hidden.size >= all;
  const toggleAll = () =>
    toggleMark(
      editor.hidden,
      editor.store.ordered().map((entry) => entry.annotation.id),
    );
  return (
    <header className="objects-head">
      <h2 className="visually-hidden">{t('objects.title')}</h2>
      <span className="input-wrap objects-search">
        <Search aria-hidden="true" />
        <input
          className="input input-s"
          type="search"
          data-object-search=""
          placeholder={t('objects.find')}
          aria-label={t('objects.find')}
          title={t('objects.findHint')}
          value={criteria.text}
          onChange={(event) => editor.filter.patch({ text: event.currentTarget.value })}
          onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        />
      </span>
      <span className="panel-count num" data-testid="object-count">
        {shown === all ? all : t('objects.someOf', { shown, all })}
      </span>
      <FilterMenu />
      <GroupingMenu />
      <IconButton
        size="s"
        label={allHidden ? t('objects.showAll') : t('objects.hideAll')}
        keys={keyText('view.hideAll')}
        icon={allHidden ? <EyeOff /> : <Eye />}
        disabled={all === 0}
        onClick={toggleAll}
      />
    </header>
  );
}

function GroupingMenu() {
  const editor = useEditor();
  const grouping = useSignal(rowsOf(editor).grouping);
  return (
    <Menu
      label={t('objects.grouping.title')}
      trigger={
        <button
          type="button"
          className="btn btn-ghost btn-s btn-icon"
          aria-label={t('objects.grouping.now', { how: t(`objects.grouping.${grouping}`) })}
          data-on={grouping === 'none' ? undefined : ''}
          data-testid="object-grouping"
        >
          <Layers aria-hidden="true" />
        </button>
      }
    >
      <MenuHead>{t('objects.grouping.title')}</MenuHead>
      {groupings.map((one) => (
        <MenuItem
          key={one}
          testId={`grouping-${one}`}
          icon={<span className="menu-dot" data-on={one === grouping ? '' : undefined} />}
          onSelect={() => chooseGrouping(editor, one)}
        >
          {t(`objects.grouping.${one}`)}
        </MenuItem>
      ))}
    </Menu>
  );
}

function NoObjects() {
  const key = (id: string) => keyText(id) ?? '–';
  return (
    <div className="objects-empty">
      <SquareDashed aria-hidden="true" />
      <p>
        {t('objects.empty', {
          box: key('tool.box'),
          polygon: key('tool.polygon'),
          segment: key('tool.segment'),
        })}
      </p>
    </div>
  );
}

function NoMatch() {
  const editor = useEditor();
  return (
    <div className="objects-empty">
      <SquareDashed aria-hidden="true" />
      <p>{t('objects.noMatch')}</p>
      <button
        type="button"
        className="btn btn-secondary btn-s"
        onClick={() => editor.filter.clear()}
      >
        {t('objects.filter.clear')}
      </button>
    </div>
  );
}
