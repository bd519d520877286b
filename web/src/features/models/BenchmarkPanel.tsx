import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { Gauge } from 'lucide-react';
import { useEffect, useState } from 'react';
import { t } from '@/i18n/i18n';
import { type Benchmark, type Model, jobErrorText } from '@/net/api';
import { ApiError, errorText } from '@/net/http';
import { getBenchmark, startBenchmark } from '@/net/routes';
import { Button } from '@/ui/Button';
import { formatAgo, formatBytes, formatCount, formatTenths } from '@/ui/format';
import { Notice } from '@/ui/Notice';
import { JobProgress } from '../jobs/JobProgress';
import { useJob } from '../jobs/useJob';

function benchmarkQuery(modelId: string) {
  return queryOptions({
    queryKey: ['models', modelId, 'benchmark'],
    queryFn: async ({ signal }): Promise<Benchmark | null> => {
      try {
        return await getBenchmark(modelId, signal);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
  });
}

/** How fast the model is on this very server. */
export function BenchmarkPanel({ model, canMeasure }: { model: Model; canMeasure: boolean }) {
  const client = useQueryClient();
  const benchmark = useQuery(benchmarkQuery(model.id));
  const [jobId, setJobId] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const { job, lost } = useJob(jobId);
  const state = job?.state;
  const running = jobId !== null && !lost && (!state || state === 'queued' || state === 'running');

  useEffect(() => {
    if (state !== 'succeeded') return;
    void client.invalidateQueries({ queryKey: ['models', model.id, 'benchmark'] });
  }, [state, client, model.id]);

  const start = async () => {
    setFailure(null);
    try {
      setJobId((await startBenchmark(model.id)).job_id);
    } catch (error) {
      setFailure(errorText(error));
    }
  };
  const problem = failure ?? lost ?? (job && state === 'failed' ? jobErrorText(job) : null);
  return (
    <section className="card model-section" aria-label={t('models.speed.label')}>
      <div className="model-top">
        <h2 className="h3">{t('models.speed.title')}</h2>
        {canMeasure ? (
          <Button
            size="s"
            icon={<Gauge />}
            busy={running}
            data-testid="measure-model"
            onClick={() => void start()}
          >
            {t(benchmark.data ? 'models.speed.again' : 'models.speed.measure')}
          </Button>
        ) : null}
      </div>
      {problem ? <Notice tone="err">{problem}</Notice> : null}
      {running ? <JobProgress job={job} label={t('models.speed.measuring')} /> : null}
      {benchmark.data ? (
        <Figures benchmark={benchmark.data} />
      ) : benchmark.isError ? (
        <Notice tone="err">{errorText(benchmark.error)}</Notice>
      ) : running ? null : (
        <p className="muted">{t('models.speed.none')}</p>
      )}
    </section>
  );
}

function Figures({ benchmark }: { benchmark: Benchmark }) {
  return (
    <>
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th>{t('models.speed.graph')}</th>
              <th>{t('models.speed.batch')}</th>
              <th>{t('models.speed.latency')}</th>
              <th>{t('models.speed.perSecond')}</th>
              <th>{t('models.speed.load')}</th>
              <th>{t('models.speed.memory')}</th>
              <th>{t('models.speed.outside')}</th>
            </tr>
          </thead>
          <tbody>
            {benchmark.rows.map((row) => (
              <tr key={`${row.role} ${row.batch}`}>
                <td>{row.role}</td>
                <td className="num">{row.batch}</td>
                <td className="num">{formatTenths(row.latency_ms)} ms</td>
                <td className="num">{formatCount(Math.round(row.per_second * 10) / 10)}</td>
                <td className="num">{Math.round(row.load_ms)} ms</td>
                <td className="num">{formatBytes(row.memory_bytes)}</td>
                <td className="num">{Math.round(row.outside_share * 100)} %</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="muted">
        {benchmark.machine}, {formatAgo(benchmark.measured_at)}
      </p>
    </>
  );
}
