import { ExportDialog } from '../exports/ExportDialog';
import { useWorkspace } from './workspace';

/** An export that has what was drawn last. */
export function EditorExport({ onClose }: { onClose: () => void }) {
  const { editor, projectId } = useWorkspace();
  return (
    <ExportDialog
      projectId={projectId}
      open
      onOpenChange={(shown) => shown || onClose()}
      beforeExport={async () => editor.door?.flush()}
    />
  );
}
