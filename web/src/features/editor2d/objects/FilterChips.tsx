import { X } from 'lucide-react';
import type { Editor } from '@/editor/editor';
import type { Criteria } from '@/editor/objects/filter';
import { t } from '@/i18n/i18n';
import { useSignal } from '../useSignal';
import { useEditor } from '../workspace';
import { shapeName } from './shapeName';

interface Chip {
  text: string;
  without: Partial<Criteria>;
}

/** What is filtered for, each part to be taken away by itself. */
export function FilterChips() {
  const editor = useEditor();
  const criteria = useSignal(editor.filter.criteria);
  useSignal(editor.labels);
  const chips = chipsOf(editor, criteria);
  if (chips.length === 0) return null;
  return (
    <div className="filter-chips" role="group" aria-label={t('objects.filter.title')}>
      {chips.map(({ text, without }) => (
        <button
          key={text}
          type="button"
          className="filter-chip"
          data-testid="filter-chip"
          aria-label={t('objects.filter.remove', { text })}
          onClick={() => editor.filter.patch(without)}
        >
          <span className="truncate">{text}</span>
          <X aria-hidden="true" />
        </button>
      ))}
      <button
        type="button"
        className="filter-clear"
        data-testid="filter-clear"
        onClick={() => editor.filter.clear()}
      >
        {t('objects.filter.clear')}
      </button>
    </div>
  );
}

function chipsOf(editor: Editor, criteria: Criteria): Chip[] {
  const { labels, sources, shapes, attributes } = criteria;
  const name = (id: string) =>
    editor.labels.get().find((label) => label.id === id)?.name ?? t('objects.unlabelled');
  const chips: Chip[] = [];
  for (const id of labels) {
    chips.push({ text: name(id), without: { labels: labels.filter((one) => one !== id) } });
  }
  for (const source of sources) {
    const rest = sources.filter((one) => one !== source);
    chips.push({ text: t(`objects.sources.${source}`), without: { sources: rest } });
  }
  for (const shape of shapes) {
    const rest = shapes.filter((one) => one !== shape);
    chips.push({ text: shapeName(shape), without: { shapes: rest } });
  }
  for (const attribute of attributes) {
    const { name: title, value } = attribute;
    const rest = attributes.filter((one) => one !== attribute);
    chips.push({
      text: value === null ? title : `${title}: ${value}`,
      without: { attributes: rest },
    });
  }
  const { minScore, maxScore, warned, text } = criteria;
  if (minScore > 0 || maxScore < 1) {
    const range = { min: percent(minScore), max: percent(maxScore) };
    chips.push({
      text: t('objects.filter.scoreChip', range),
      without: { minScore: 0, maxScore: 1 },
    });
  }
  if (warned) chips.push({ text: t('objects.filter.warned'), without: { warned: false } });
  if (text.trim() !== '') chips.push({ text: `“${text.trim()}”`, without: { text: '' } });
  return chips;
}

function percent(share: number): number {
  return Math.round(share * 100);
}
