import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { Gauge } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type Benchmark, type Model, jobErrorText } from '@/net/api';
import { ApiError, errorText } from '@/net/http';
import { getBenchmark, startBenchmark } from '@/net/routes';
import { Button } from '@/ui/Button';
import { formatAgo, formatBytes } from '@/ui/format';
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
    <section className="card model-section" aria-label="Speed">
      <div className="model-top">
        <h2 className="h3">Speed on this server</h2>
        {canMeasure ? (
          <Button
            size="s"
            icon={<Gauge />}
            busy={running}
            data-testid="measure-model"
            onClick={() => void start()}
          >
            {benchmark.data ? 'Measure again' : 'Measure'}
          </Button>
        ) : null}
      </div>
      {problem ? <Notice tone="err">{problem}</Notice> : null}
      {running ? <JobProgress job={job} label="Measuring" /> : null}
      {benchmark.data ? (
        <Figures benchmark={benchmark.data} />
      ) : benchmark.isError ? (
        <Notice tone="err">{errorText(benchmark.error)}</Notice>
      ) : running ? null : (
        <p className="muted">Not measured on this machine yet.</p>
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
              <th>Graph</th>
              <th>Batch</th>
              <th>Latency</th>
              <th>A second</th>
              <th>Load</th>
              <th>Memory</th>
              <th>Outside the model</th>
            </tr>
          </thead>
          <tbody>
            {benchmark.rows.map((row) => (
              <tr key={`${row.role} ${row.batch}`}>
                <td>{row.role}</td>
                <td className="num">{row.batch}</td>
                <td className="num">{row.latency_ms.toFixed(1)} ms</td>
                <td className="num">{row.per_second.toFixed(1)}</td>
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
