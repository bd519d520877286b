import {
  CircleAlert,
  CircleCheck,
  Download,
  History,
  Pause,
  Play,
  RotateCw,
  X,
} from 'lucide-react';
import { t } from '@/i18n/i18n';
import type { UploadItem, UploadQueue, UploadSnapshot } from '@/net/uploadQueue';
import { Button, IconButton } from '@/ui/Button';
import { formatBytes, formatCount } from '@/ui/format';
import { Progress } from '@/ui/Progress';
import { rejectedCsv } from './rejectedCsv';
import { saveText } from './saveText';
import { uploadsOf } from './uploads';

const movingMax = 6;
const failedMax = 50;

interface StatusProps {
  queue: UploadQueue;
  uploads: UploadSnapshot;
}

const counted = (count: number) => ({ count, number: formatCount(count) });

export function UploadStatus({
  projectId,
  uploads,
}: {
  projectId: string;
  uploads: UploadSnapshot;
}) {
  const queue = uploadsOf(projectId);
  const done = !uploads.active && uploads.items.length > 0;
  return (
    <div className="card upload-status">
      {done && uploads.stored > 0 ? <Stored uploads={uploads} /> : null}
      {uploads.active ? <Moving queue={queue} uploads={uploads} /> : null}
      {uploads.doubled > 0 ? (
        <p className="muted">{t('uploads.doubled', counted(uploads.doubled))}</p>
      ) : null}
      {uploads.failed > 0 ? <Failed queue={queue} uploads={uploads} /> : null}
      {uploads.remembered.length > 0 ? <Remembered queue={queue} uploads={uploads} /> : null}
      {done ? (
        <div className="upload-close">
          <Button size="s" variant="ghost" onClick={() => queue.clear()}>
            {t('uploads.dismiss')}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function Stored({ uploads }: { uploads: UploadSnapshot }) {
  return (
    <div className="upload-line" role="status" data-testid="upload-success">
      <CircleCheck className="ok" aria-hidden="true" />
      <strong>{t('uploads.stored', counted(uploads.stored))}</strong>
      <span className="muted num">{formatBytes(storedBytes(uploads.items))}</span>
    </div>
  );
}

function Moving({ queue, uploads }: StatusProps) {
  const share = uploads.totalBytes > 0 ? uploads.sentBytes / uploads.totalBytes : 0;
  const settled = uploads.stored + uploads.failed;
  const moving = uploads.items.filter((item) => isMoving(item, uploads.paused));
  return (
    <>
      <div className="upload-line">
        {uploads.paused ? (
          <Pause aria-hidden="true" />
        ) : (
          <span className="spinner" aria-hidden="true" />
        )}
        <strong className="num">
          {t('uploads.progress', { ...counted(uploads.items.length), done: formatCount(settled) })}
        </strong>
        <span className="muted num">
          {t('uploads.bytes', {
            sent: formatBytes(uploads.sentBytes),
            total: formatBytes(uploads.totalBytes),
          })}
        </span>
        {uploads.paused ? (
          <Button size="s" icon={<Play />} onClick={() => queue.resume()}>
            {t('uploads.resume')}
          </Button>
        ) : (
          <Button size="s" variant="ghost" icon={<Pause />} onClick={() => queue.pause()}>
            {t('uploads.pause')}
          </Button>
        )}
        <Button size="s" variant="ghost" onClick={() => queue.cancel()}>
          {t('uploads.cancel')}
        </Button>
      </div>
      <Progress label={t('uploads.total')} value={share} />
      <ul className="upload-files">
        {moving.slice(0, movingMax).map((item) => (
          <li key={item.id} data-testid="upload-item">
            <span className="truncate">{item.name}</span>
            <span className="muted num">{phaseText(item)}</span>
            {queue.canRemove(item) ? (
              <IconButton
                size="s"
                label={t('uploads.cancelOne', { name: item.name })}
                icon={<X />}
                onClick={() => queue.remove(item.id)}
              />
            ) : (
              <span />
            )}
            <Progress
              label={item.name}
              value={item.phase === 'processing' ? undefined : item.share}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

function isMoving(item: UploadItem, paused: boolean): boolean {
  if (item.phase === 'uploading' || item.phase === 'processing') return true;
  return paused && item.phase === 'waiting';
}

function phaseText(item: UploadItem): string {
  if (item.phase === 'processing') return t('uploads.checking');
  const percent = Math.round(item.share * 100);
  return item.phase === 'waiting' ? t('uploads.paused', { percent }) : `${percent} %`;
}

function Failed({ queue, uploads }: StatusProps) {
  const failed = uploads.items.filter((item) => item.phase === 'failed');
  return (
    <div className="upload-failed">
      <div className="upload-line" role="alert">
        <CircleAlert className="err" aria-hidden="true" />
        <strong>{t('uploads.notStored', counted(failed.length))}</strong>
        <Button
          size="s"
          variant="ghost"
          icon={<Download />}
          onClick={() => saveText('rejected-files.csv', 'text/csv', rejectedCsv(failed))}
        >
          {t('uploads.downloadList')}
        </Button>
        <Button
          size="s"
          variant="ghost"
          icon={<RotateCw />}
          onClick={() => queue.retry(failed.map((item) => item.id))}
        >
          {t('uploads.retry')}
        </Button>
      </div>
      <ul className="upload-errors">
        {failed.slice(0, failedMax).map((item) => (
          <li key={item.id}>
            <span className="truncate">{item.name}</span>
            <span>{item.detail}</span>
          </li>
        ))}
      </ul>
      {failed.length > failedMax ? (
        <p className="muted">{t('uploads.moreFailed', counted(failed.length - failedMax))}</p>
      ) : null}
    </div>
  );
}

/** A reload cut these: the browser no longer has the files, but the server has what came. */
function Remembered({ queue, uploads }: StatusProps) {
  const { remembered } = uploads;
  return (
    <div className="upload-remembered" data-testid="upload-remembered">
      <div className="upload-line" role="status">
        <History aria-hidden="true" />
        <strong>{t('uploads.waiting', counted(remembered.length))}</strong>
        <span className="muted">{t('uploads.waitingHint')}</span>
        <Button size="s" variant="ghost" onClick={() => queue.forgetRemembered()}>
          {t('uploads.forget')}
        </Button>
      </div>
      <ul className="upload-names">
        {remembered.slice(0, movingMax).map((one) => (
          <li key={one.key}>
            <span className="truncate">{one.name}</span>
            <span className="muted num">{formatBytes(one.sizeBytes)}</span>
          </li>
        ))}
      </ul>
      {remembered.length > movingMax ? (
        <p className="muted">{t('uploads.moreWaiting', counted(remembered.length - movingMax))}</p>
      ) : null}
    </div>
  );
}

function storedBytes(items: readonly UploadItem[]): number {
  return items.reduce((sum, item) => sum + (item.phase === 'stored' ? item.sizeBytes : 0), 0);
}
