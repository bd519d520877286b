import { useMutation } from '@tanstack/react-query';
import { ImageUp, Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { t } from '@/i18n/i18n';
import { type Kernel, loadKernel } from '@/kernel/kernel';
import type { Analysis, Model } from '@/net/api';
import { errorText } from '@/net/http';
import { analyzeFile } from '@/net/routes';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/Notice';
import { Range } from '@/ui/Range';
import { attributeWords, findingName } from './findingText';
import { colorOf, drawFindings } from './findingsOverlay';

const shownMax = 40;

/** A picture of the user's own, looked at once and not kept. */
export function TryModel({ model }: { model: Model }) {
  const [file, setFile] = useState<File | null>(null);
  const [minScore, setMinScore] = useState(0.35);
  const [focused, setFocused] = useState<number | null>(null);
  const run = useMutation({
    mutationFn: (chosen: File) => analyzeFile(chosen, model.id, minScore),
    onMutate: () => setFocused(null),
  });
  const choose = (chosen: File | undefined) => {
    if (!chosen) return;
    setFile(chosen);
    run.mutate(chosen);
  };
  const percent = Math.round(minScore * 100);
  return (
    <section
      className="card model-section"
      aria-label={t('models.try.label')}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        choose(event.dataTransfer.files[0]);
      }}
    >
      <h2 className="h3">{t('models.try.title')}</h2>
      <div className="try-controls">
        <label className="btn btn-secondary">
          <ImageUp aria-hidden="true" />
          {t(file ? 'models.try.another' : 'models.try.choose')}
          <input
            type="file"
            accept="image/*"
            className="visually-hidden"
            data-testid="try-file"
            onChange={(event) => choose(event.target.files?.[0])}
          />
        </label>
        <label className="try-score">
          <span>{t('models.try.confidence')}</span>
          <Range
            min={5}
            max={95}
            step={5}
            value={percent}
            onChange={(event) => setMinScore(Number(event.currentTarget.value) / 100)}
          />
          <output className="num">≥ {percent} %</output>
        </label>
        <Button
          icon={<Play />}
          disabled={!file}
          busy={run.isPending}
          onClick={() => file && run.mutate(file)}
        >
          {t('models.try.again')}
        </Button>
      </div>
      {run.isError ? (
        <Notice tone="err" title={t('models.try.failed')}>
          {errorText(run.error)}
        </Notice>
      ) : null}
      {file ? (
        <div className="try-result">
          <Picture file={file} analysis={run.data ?? null} focused={focused} />
          {run.data ? (
            <Answer analysis={run.data} focused={focused} onFocus={setFocused} />
          ) : (
            <p className="muted">{run.isPending ? t('models.try.looking') : null}</p>
          )}
        </div>
      ) : (
        <p className="muted">{t('models.try.drop')}</p>
      )}
    </section>
  );
}

interface PictureProps {
  file: File;
  analysis: Analysis | null;
  focused: number | null;
}

function Picture({ file, analysis, focused }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [bitmap, setBitmap] = useState<ImageBitmap | null>(null);
  const [kernel, setKernel] = useState<Kernel | null>(null);
  useEffect(() => {
    let gone = false;
    void loadKernel().then((loaded) => !gone && setKernel(loaded));
    return () => {
      gone = true;
    };
  }, []);
  useEffect(() => {
    let gone = false;
    setBitmap(null);
    createImageBitmap(file, { imageOrientation: 'from-image' }).then(
      (made) => !gone && setBitmap(made),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [file]);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || !bitmap) return;
    element.width = bitmap.width;
    element.height = bitmap.height;
    context.drawImage(bitmap, 0, 0);
    const unit = Math.max(bitmap.width, bitmap.height) / 900;
    if (analysis) drawFindings(context, analysis.findings, { kernel, unit, focused });
  }, [bitmap, analysis, kernel, focused]);
  return (
    <div className="try-picture">
      <canvas ref={canvas} role="img" aria-label={t('models.try.picture', { name: file.name })} />
      {analysis?.map ? (
        <img src={`data:image/png;base64,${analysis.map.png}`} alt={t('models.try.map')} />
      ) : null}
    </div>
  );
}

interface AnswerProps {
  analysis: Analysis;
  focused: number | null;
  onFocus: (index: number | null) => void;
}

function Answer({ analysis, focused, onFocus }: AnswerProps) {
  const { findings, embedding, timing_ms } = analysis;
  return (
    <div className="try-answer" data-testid="try-answer">
      <p className="muted num">
        {t('models.try.timing', {
          what: embedding
            ? t('models.try.numbers', { count: embedding.length })
            : t('models.try.findings', { count: findings.length }),
          run: Math.round(timing_ms.run),
          total: Math.round(timing_ms.total),
        })}
      </p>
      {findings.length === 0 && !embedding ? <p>{t('models.try.nothing')}</p> : null}
      <ul className="try-list">
        {findings.slice(0, shownMax).map((finding, index) => (
          <li
            key={index}
            data-focused={focused === index || undefined}
            onPointerEnter={() => onFocus(index)}
            onPointerLeave={() => onFocus(null)}
          >
            <span className="swatch" style={{ background: colorOf(finding) }} aria-hidden="true" />
            <span className="truncate">{findingName(finding)}</span>
            <span className="num">{Math.round(finding.score * 100)} %</span>
            {attributeWords(finding).map((words) => (
              <small key={words} className="muted">
                {words}
              </small>
            ))}
          </li>
        ))}
      </ul>
      {findings.length > shownMax ? (
        <p className="muted">{t('models.try.more', { count: findings.length - shownMax })}</p>
      ) : null}
    </div>
  );
}
