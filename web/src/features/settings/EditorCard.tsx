import { lazy, Suspense } from 'react';
import { loadEditorMessages, t, withLaterMessages } from '@/i18n/i18n';
import { Skeleton } from '@/ui/Skeleton';
import { SettingsCard } from './SettingsCard';

// The controls are the image editor's, and so are their names.
const EditorSettings = lazy(async () => {
  await loadEditorMessages();
  return withLaterMessages(import('../editor2d/EditorSettings'));
});

export function EditorCard() {
  return (
    <SettingsCard id="editor" title={t('settings.editor.title')} text={t('settings.editor.text')}>
      <Suspense fallback={<Skeleton height={480} />}>
        <EditorSettings />
      </Suspense>
    </SettingsCard>
  );
}
