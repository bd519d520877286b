import { TriangleAlert } from 'lucide-react';
import { calm, useSignal } from '../useSignal';
import { useEditor } from '../workspace';
import { warningText } from './warningText';

/** What is wrong with the one object that is selected. */
export function SelectionWarnings() {
  const editor = useEditor();
  const [only, ...others] = useSignal(calm(editor.selection));
  useSignal(editor.warnings.version);
  if (only === undefined || others.length > 0) return null;
  const found = editor.warnings.of(only);
  if (found.length === 0) return null;
  return (
    <ul className="object-warnings" data-testid="object-warnings">
      {found.map((warning) => (
        <li key={`${warning.kind} ${warning.detail}`}>
          <TriangleAlert aria-hidden="true" />
          {warningText(editor, warning)}
        </li>
      ))}
    </ul>
  );
}
