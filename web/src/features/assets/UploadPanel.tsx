import { useQueryClient } from '@tanstack/react-query';
import { CloudUpload, FolderUp } from 'lucide-react';
import { type ChangeEvent, type DragEvent, useEffect, useRef, useState } from 'react';
import { t } from '@/i18n/i18n';
import { filesOfDrop, isHidden } from '@/net/dropFiles';
import type { UploadSnapshot } from '@/net/uploadQueue';
import { Button } from '@/ui/Button';
import { UploadStatus } from './UploadStatus';
import { uploadsOf, useUploads } from './uploads';
import './upload.css';

export interface UploadPanelProps {
  projectId: string;
  /** Fills the page while the project has no images. */
  large: boolean;
}

const accepted = 'image/*,.zip,.jpg,.jpeg,.png,.webp,.bmp,.tif,.tiff,.avif';

export function UploadPanel({ projectId, large }: UploadPanelProps) {
  const queue = uploadsOf(projectId);
  const uploads = useUploads(projectId);
  const fileInput = useRef<HTMLInputElement>(null);
  const folderInput = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  useRefreshWhileUploading(projectId, uploads);
  // The progress of the first upload must not be pushed out of sight.
  const roomy = large && uploads.items.length === 0;

  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])].filter((file) => !isHidden(file.name));
    if (files.length > 0) queue.add(files);
    // The same file may be chosen again, after it was mended.
    event.target.value = '';
  };
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const files = await filesOfDrop(event.dataTransfer);
    if (files.length > 0) queue.add(files);
  };

  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) queue.add(files);
    };
    window.addEventListener('paste', paste);
    return () => window.removeEventListener('paste', paste);
  }, [queue]);

  return (
    <div className="upload">
      <div
        className="dropzone"
        data-large={roomy || undefined}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
        }}
        onDrop={(event) => void drop(event)}
      >
        <input
          ref={fileInput}
          type="file"
          multiple
          accept={accepted}
          className="visually-hidden"
          data-testid="file-upload"
          aria-label={t('uploads.filesInput')}
          tabIndex={-1}
          onChange={choose}
        />
        <input
          ref={folderInput}
          type="file"
          multiple
          webkitdirectory=""
          className="visually-hidden"
          aria-label={t('uploads.folderInput')}
          tabIndex={-1}
          onChange={choose}
        />
        <div className="dropzone-icon" aria-hidden="true">
          <CloudUpload />
        </div>
        <div className="dropzone-text">
          <strong>{t(over ? 'uploads.drop' : 'uploads.dropHere')}</strong>
          <p>{t('uploads.formats')}</p>
        </div>
        <div className="row">
          <Button
            variant={roomy ? 'primary' : 'secondary'}
            onClick={() => fileInput.current?.click()}
          >
            {t('uploads.chooseFiles')}
          </Button>
          <Button variant="ghost" icon={<FolderUp />} onClick={() => folderInput.current?.click()}>
            {t('uploads.chooseFolder')}
          </Button>
        </div>
      </div>
      {uploads.items.length > 0 || uploads.remembered.length > 0 ? (
        <UploadStatus projectId={projectId} uploads={uploads} />
      ) : null}
    </div>
  );
}

// The gallery follows while files arrive, at most every two seconds, and once at the end.
function useRefreshWhileUploading(projectId: string, uploads: UploadSnapshot): void {
  const queryClient = useQueryClient();
  const { stored, active } = uploads;
  const lastMs = useRef(0);
  useEffect(() => {
    if (stored === 0) return;
    const now = Date.now();
    if (active && now - lastMs.current < 2000) return;
    lastMs.current = now;
    void queryClient.invalidateQueries({ queryKey: ['assets', projectId] });
    void queryClient.invalidateQueries({ queryKey: ['project', projectId] });
    if (!active) void queryClient.invalidateQueries({ queryKey: ['projects'] });
  }, [stored, active, projectId, queryClient]);
}
