import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Sparkles } from 'lucide-react';
import { useMemo, useState } from 'react';
import { t } from '@/i18n/i18n';
import type { Label, Model } from '@/net/api';
import { errorText } from '@/net/http';
import { startPreannotation } from '@/net/routes';
import { Swatch } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { Checkbox } from '@/ui/Input';
import { Notice } from '@/ui/Notice';
import { formatShare } from '@/ui/format';
import { Range } from '@/ui/Range';
import { Select } from '@/ui/Select';
import { Skeleton } from '@/ui/Skeleton';
import { isDetector, isProposer, isSegmenter, isUsable, modelName } from '../models/modelText';
import { modelsQuery } from '../models/queries';
import { projectQuery } from '../projects/queries';
import { type ClassOfLabel, doubledClasses, labelMapOf, matchByName } from './labelMap';
import { useRunningJobs } from './runningJobs';
import './preannotate.css';

export interface PreannotateDialogProps {
  projectId: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** These images alone. */
  assetIds?: readonly string[];
}

export function PreannotateDialog(props: PreannotateDialogProps) {
  return props.open ? <PreannotateForm {...props} /> : null;
}

const minScoreDefault = 0.35;

function PreannotateForm({ projectId, open, onOpenChange, assetIds }: PreannotateDialogProps) {
  const queryClient = useQueryClient();
  const models = useQuery(modelsQuery);
  const project = useQuery(projectQuery(projectId));
  const follow = useRunningJobs((state) => state.follow);
  const usable = useMemo(() => models.data?.items.filter(isUsable) ?? [], [models.data]);
  // The server's own choice first; then what else answers a whole image.
  const detectors = [
    ...defaultFirst(usable.filter(isDetector)),
    ...usable.filter((model) => isProposer(model) && !isDetector(model)),
  ];
  const segmenters = defaultFirst(usable.filter(isSegmenter));
  const [chosen, setChosen] = useState<{ detector?: string; segmenter?: string }>({});
  const [minScore, setMinScore] = useState(minScoreDefault);
  const [autoAccept, setAutoAccept] = useState(false);
  const [acceptScore, setAcceptScore] = useState(0.9);
  const [edited, setEdited] = useState<ClassOfLabel | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const detector = detectors.find((model) => model.id === chosen.detector) ?? detectors[0];
  const wantsMasks = project.data?.type === 'segmentation';
  const segmenterId = chosen.segmenter ?? (wantsMasks ? (segmenters[0]?.id ?? '') : '');
  const labels = project.data?.labels ?? [];
  const matched = useMemo(
    () => matchByName(project.data?.labels ?? [], detector?.labels ?? []),
    [project.data, detector],
  );
  const map = edited ?? matched;
  const doubled = doubledClasses(map);
  const paired = Object.keys(map).length;
  const classes = detector?.labels ?? [];

  const start = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const { job_id } = await startPreannotation(projectId, {
        asset_ids: assetIds,
        detector: detector?.id,
        segmenter: segmenterId || undefined,
        min_score: minScore,
        auto_accept_score: autoAccept ? acceptScore : undefined,
        // Equal names are the server's own rule; only a changed pairing has to be told.
        label_map: edited ? labelMapOf(edited) : undefined,
      });
      follow(projectId, job_id);
      void queryClient.invalidateQueries({ queryKey: ['jobs'] });
      onOpenChange(false);
    } catch (error) {
      setFailure(errorText(error));
      setBusy(false);
    }
  };

  const loading = models.isPending || project.isPending;
  const broken = models.error ?? project.error;
  return (
    <Dialog
      ai
      open={open}
      onOpenChange={onOpenChange}
      locked={busy}
      width={560}
      title={t('preannotate.title')}
      description={t('preannotate.about')}
      footer={
        <>
          <Button variant="ghost" disabled={busy} onClick={() => onOpenChange(false)}>
            {t('preannotate.cancel')}
          </Button>
          <Button
            variant="ai"
            icon={<Sparkles />}
            busy={busy}
            disabled={!detector || (paired === 0 && classes.length > 0) || doubled.length > 0}
            data-testid="start-preannotation"
            onClick={() => void start()}
          >
            {t('preannotate.start')}
          </Button>
        </>
      }
    >
      {loading ? (
        <>
          <Skeleton height={60} />
          <Skeleton height={60} />
          <Skeleton height={120} />
        </>
      ) : broken ? (
        <Notice tone="err" title={t('preannotate.modelsNotLoaded')}>
          {errorText(broken)}
        </Notice>
      ) : detectors.length === 0 ? (
        <Notice tone="warn" title={t('preannotate.noDetector')}>
          {t('preannotate.bringModels')} <code>annotateai models pull</code>
        </Notice>
      ) : (
        <>
          <div className="form-pair">
            <Field label={t('preannotate.detector')} hint={t('preannotate.detectorHint')}>
              {(control) => (
                <Select
                  {...control}
                  data-testid="detector"
                  value={detector?.id}
                  onChange={(event) => {
                    setChosen({ ...chosen, detector: event.target.value });
                    setEdited(null);
                  }}
                  options={optionsOf(detectors)}
                />
              )}
            </Field>
            <Field label={t('preannotate.segmenter')} hint={t('preannotate.segmenterHint')}>
              {(control) => (
                <Select
                  {...control}
                  data-testid="segmenter"
                  value={segmenterId}
                  onChange={(event) => setChosen({ ...chosen, segmenter: event.target.value })}
                  options={[
                    { value: '', label: t('preannotate.boxesOnly') },
                    ...optionsOf(segmenters),
                  ]}
                />
              )}
            </Field>
          </div>
          <ScoreField
            label={t('preannotate.lowestScore')}
            hint={t('preannotate.lowestScoreHint')}
            value={minScore}
            onChange={setMinScore}
          />
          <div className="stack">
            <Checkbox
              label={t('preannotate.acceptAtOnce')}
              hint={t('preannotate.acceptAtOnceHint')}
              checked={autoAccept}
              onChange={(event) => setAutoAccept(event.target.checked)}
            />
            {autoAccept ? (
              <ScoreField
                label={t('preannotate.acceptFrom')}
                value={acceptScore}
                onChange={setAcceptScore}
              />
            ) : null}
          </div>
          <LabelPairs
            labels={labels}
            classes={detector?.labels ?? []}
            map={map}
            onChange={setEdited}
          />
          {paired === 0 ? (
            <Notice tone="warn" title={t('preannotate.noPair')}>
              {t('preannotate.noPairHint')}
            </Notice>
          ) : null}
          {doubled.length > 0 ? (
            <Notice tone="err">{t('preannotate.doubled', { classes: doubled.join(', ') })}</Notice>
          ) : null}
        </>
      )}
      {failure ? (
        <Notice tone="err" title={t('preannotate.notStarted')}>
          {failure}
        </Notice>
      ) : null}
    </Dialog>
  );
}

function defaultFirst(models: Model[]): Model[] {
  return models.sort((a, b) => Number(b.is_default ?? false) - Number(a.is_default ?? false));
}

function optionsOf(models: readonly Model[]) {
  return models.map((model) => ({ value: model.id, label: modelName(model) }));
}

interface ScoreFieldProps {
  label: string;
  hint?: string;
  value: number;
  onChange: (value: number) => void;
}

function ScoreField({ label, hint, value, onChange }: ScoreFieldProps) {
  return (
    <Field
      label={
        <span className="score-label">
          {label} <output className="num">{formatShare(value)}</output>
        </span>
      }
      hint={hint}
    >
      {(control) => (
        <Range
          {...control}
          className="ai"
          min={0.05}
          max={0.99}
          step={0.01}
          value={value}
          onChange={(event) => onChange(Number(event.target.value))}
        />
      )}
    </Field>
  );
}

interface LabelPairsProps {
  labels: readonly Label[];
  classes: readonly string[];
  map: ClassOfLabel;
  onChange: (map: ClassOfLabel) => void;
}

function LabelPairs({ labels, classes, map, onChange }: LabelPairsProps) {
  if (labels.length === 0) return null;
  const change = (labelId: string, name: string) => {
    const next = { ...map };
    if (name) next[labelId] = name;
    else delete next[labelId];
    onChange(next);
  };
  return (
    <fieldset className="pairs">
      <legend className="field-label">{t('preannotate.pairs')}</legend>
      <ul>
        {labels.map((label) => (
          <li key={label.id}>
            <Swatch color={label.color} />
            <span className="truncate">{label.name}</span>
            <Select
              small
              aria-label={t('preannotate.classFor', { label: label.name })}
              value={map[label.id] ?? ''}
              onChange={(event) => change(label.id, event.target.value)}
            >
              <option value="">{t('preannotate.notSuggested')}</option>
              {classes.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
