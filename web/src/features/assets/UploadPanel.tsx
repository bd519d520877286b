import { useQueryClient } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, CloudUpload, Download, FolderUp, RotateCw } from 'lucide-react';
import { type ChangeEvent, type DragEvent, useEffect, useRef, useState } from 'react';
import { filesOfDrop, isHidden } from '@/net/dropFiles';
import type { UploadItem, UploadSnapshot } from '@/net/uploadQueue';
import { Button } from '@/ui/Button';
import { formatBytes, formatPlural } from '@/ui/format';
import { Progress } from '@/ui/Progress';
import { rejectedCsv } from './rejectedCsv';
import { saveText } from './saveText';
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
          aria-label="Upload images or zip archives"
          tabIndex={-1}
          onChange={choose}
        />
        <input
          ref={folderInput}
          type="file"
          multiple
          webkitdirectory=""
          className="visually-hidden"
          aria-label="Upload a folder"
          tabIndex={-1}
          onChange={choose}
        />
        <div className="dropzone-icon" aria-hidden="true">
          <CloudUpload />
        </div>
        <div className="dropzone-text">
          <strong>{over ? 'Drop to upload' : 'Drop images, folders or zips here'}</strong>
          <p>JPEG, PNG, WebP, BMP, TIFF or AVIF, also in a zip. Pasting an image works as well.</p>
        </div>
        <div className="row">
          <Button
            variant={roomy ? 'primary' : 'secondary'}
            onClick={() => fileInput.current?.click()}
          >
            Choose files
          </Button>
          <Button variant="ghost" icon={<FolderUp />} onClick={() => folderInput.current?.click()}>
            Choose a folder
          </Button>
        </div>
      </div>
      {uploads.items.length > 0 ? <UploadStatus projectId={projectId} uploads={uploads} /> : null}
    </div>
  );
}

function UploadStatus({ projectId, uploads }: { projectId: string; uploads: UploadSnapshot }) {
  const queue = uploadsOf(projectId);
  const failed = uploads.items.filter((item) => item.phase === 'failed');
  const moving = uploads.items.filter(
    (item) => item.phase === 'uploading' || item.phase === 'processing',
  );
  const done = !uploads.active;
  const share = uploads.totalBytes > 0 ? uploads.sentBytes / uploads.totalBytes : 0;
  return (
    <div className="card upload-status">
      {done && uploads.stored > 0 ? (
        <div className="upload-line" role="status" data-testid="upload-success">
          <CircleCheck className="ok" aria-hidden="true" />
          <strong>{formatPlural(uploads.stored, 'file')} stored</strong>
          <span className="muted num">{formatBytes(bytesOf(uploads.items, 'stored'))}</span>
        </div>
      ) : null}
      {uploads.active ? (
        <>
          <div className="upload-line">
            <span className="spinner" aria-hidden="true" />
            <strong className="num">
              {uploads.stored + uploads.failed} of {formatPlural(uploads.items.length, 'file')}
            </strong>
            <span className="muted num">
              {formatBytes(uploads.sentBytes)} of {formatBytes(uploads.totalBytes)}
            </span>
            <Button size="s" variant="ghost" onClick={() => queue.cancel()}>
              Cancel
            </Button>
          </div>
          <Progress label="Upload of all files" value={share} />
          <ul className="upload-files">
            {moving.slice(0, 6).map((item) => (
              <li key={item.id}>
                <span className="truncate">{item.name}</span>
                <span className="muted num">
                  {item.phase === 'processing' ? 'Checking' : `${Math.round(item.share * 100)} %`}
                </span>
                <Progress
                  label={item.name}
                  value={item.phase === 'processing' ? undefined : item.share}
                />
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {failed.length > 0 ? (
        <div className="upload-failed">
          <div className="upload-line" role="alert">
            <CircleAlert className="err" aria-hidden="true" />
            <strong>{formatPlural(failed.length, 'file')} not stored</strong>
            <Button
              size="s"
              variant="ghost"
              icon={<Download />}
              onClick={() => saveText('rejected-files.csv', 'text/csv', rejectedCsv(failed))}
            >
              Download list
            </Button>
            <Button
              size="s"
              variant="ghost"
              icon={<RotateCw />}
              onClick={() => queue.retry(failed.map((item) => item.id))}
            >
              Try again
            </Button>
          </div>
          <ul className="upload-errors">
            {failed.slice(0, 50).map((item) => (
              <li key={item.id}>
                <span className="truncate">{item.name}</span>
                <span>{item.detail}</span>
              </li>
            ))}
          </ul>
          {failed.length > 50 ? (
            <p className="muted">The list holds {formatPlural(failed.length - 50, 'more file')}.</p>
          ) : null}
        </div>
      ) : null}
      {done ? (
        <div className="upload-close">
          <Button size="s" variant="ghost" onClick={() => queue.clear()}>
            Dismiss
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function bytesOf(items: readonly UploadItem[], phase: UploadItem['phase']): number {
  return items.reduce((sum, item) => sum + (item.phase === phase ? item.sizeBytes : 0), 0);
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
