import { ChevronDown, ChevronRight } from 'lucide-react';
import type { Row } from '@/editor/objects/rows';
import { t } from '@/i18n/i18n';
import { useEditor } from '../workspace';
import { rowId } from './ObjectRow';
import { rowsOf } from './rowsOf';

interface SectionRowProps {
  row: Row & { kind: 'section' };
  top: number;
  active: boolean;
}

/** The heading of a label or a group: a click closes it, a double click selects what it holds. */
export function SectionRow({ row, top, active }: SectionRowProps) {
  const editor = useEditor();
  const { section, position, count } = row;
  return (
    <div
      id={rowId({ section: section.key })}
      className="object-row object-section"
      role="treeitem"
      style={{ transform: `translateY(${top}px)` }}
      data-active={active || undefined}
      aria-level={1}
      aria-setsize={count}
      aria-posinset={position}
      aria-expanded={section.open}
      aria-label={t('objects.sectionName', { title: section.title, count: section.ids.length })}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => rowsOf(editor).toggle(section.key)}
      onDoubleClick={() => {
        editor.tool.set('select');
        editor.select(section.ids);
      }}
    >
      {section.open ? <ChevronDown aria-hidden="true" /> : <ChevronRight aria-hidden="true" />}
      <span className="swatch" style={{ background: section.color }} />
      <span className="section-title">{section.title}</span>
      <span className="object-number num">{section.ids.length}</span>
    </div>
  );
}
