import { numbersOf } from '@/editor/numbers';
import { hasVertices } from '@/editor/vertices';
import { t } from '@/i18n/i18n';
import type { Annotation, Shape } from '@/kernel/records';
import { NumberField } from './NumberField';
import './numeric.css';
import { VertexList } from './VertexList';
import { useEditor } from './workspace';

/** Place, size, angle and vertices of an object as numbers: to edit without a pointer. */
export function NumericPanel({ annotation }: { annotation: Annotation }) {
  const editor = useEditor();
  const { id: target, shape: prev } = annotation;
  const bounds = editor.store.get(target)?.outline.bounds ?? [0, 0, 0, 0];
  const numbers = numbersOf(prev, bounds, editor.kernel);
  if (numbers.length === 0) return null;
  const commit = (value: Shape | null) => {
    if (!value || !editor.mayChange(target)) return;
    const change = { op: 'set', target, field: 'shape', value, prev } as const;
    editor.commit(t('tools.steps.numbers'), [change]);
  };
  return (
    <>
      <div className="numeric" role="group" aria-label={t('tools.numeric.title')}>
        {numbers.map(({ name, title, value, change }) => (
          <NumberField
            key={`${name}/${value}`}
            title={t(title)}
            value={value}
            onChange={(typed) => commit(change(typed))}
          />
        ))}
      </div>
      {hasVertices(prev) ? <VertexList annotation={annotation} /> : null}
    </>
  );
}
