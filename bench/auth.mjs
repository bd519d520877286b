// Who asks: what it costs to know, and what fifty logins at once cost the others.
import { execFileSync } from 'node:child_process';

import { ms, program, quantile, sleep, startServer } from './machine.mjs';

const loginsAtOnce = 50;
const p99BarMs = 200;
const overheadBarUs = 20;

const micros = (value) => `${value.toFixed(1)} µs`;

// One steady client that reads while `work` runs.
async function readWhile(person, work) {
  const times = [];
  let over = false;
  const reading = (async () => {
    while (!over) {
      const from = performance.now();
      const answer = await person.api('GET', '/projects');
      if (answer.status !== 200) throw new Error(`GET /projects: ${answer.status}`);
      times.push(performance.now() - from);
      await sleep(2);
    }
  })();
  const result = await work();
  over = true;
  await reading;
  return { times, result };
}

async function logins() {
  const server = await startServer({ env: { ANNOTATEAI_RATE_LIMIT: 'false' } });
  try {
    const person = await server.person();
    await server.project(person);
    const login = async () => {
      const from = performance.now();
      const answer = await server.call('POST', '/auth/login', {
        json: { email: person.email, password: 'a good long password' },
      });
      if (answer.status !== 200) throw new Error(`login: ${answer.text}`);
      return performance.now() - from;
    };
    await login();
    const alone = await login();
    const quiet = await readWhile(person, () => sleep(1500));
    const busy = await readWhile(person, () =>
      Promise.all(Array.from({ length: loginsAtOnce }, login)),
    );
    const [ours, before] = [quantile(busy.times, 0.99), quantile(quiet.times, 0.99)];
    console.log(`  ${busy.times.length} reads beside the logins`);
    return [
      {
        what: `p99 of reads beside ${loginsAtOnce} logins`,
        ours: ms(ours),
        baseline: `without them ${ms(before)}`,
        rule: `< ${p99BarMs} ms`,
        met: ours < p99BarMs,
      },
      {
        what: 'a login (Argon2id, 19 MiB, t = 2), alone',
        ours: ms(alone),
        baseline: `the last of ${loginsAtOnce} at once ${ms(Math.max(...busy.result))}`,
        rule: '',
        met: undefined,
      },
    ];
  } finally {
    await server.stop();
  }
}

export async function auth() {
  const measured = JSON.parse(execFileSync(program('bench_auth'), { encoding: 'utf8' }));
  const { bare_verification: bare, first_sight: first, seen, api } = measured;
  return [
    {
      what: 'token, permission and tenant: seen before',
      ours: micros(seen),
      baseline: `an API token ${micros(api)}`,
      rule: `< ${overheadBarUs} µs`,
      met: Math.max(seen, api) < overheadBarUs,
    },
    {
      what: 'the same at first sight',
      ours: micros(first),
      baseline: `bare Ed25519 ${micros(bare)}`,
      rule: `< baseline + ${overheadBarUs} µs`,
      met: first < bare + overheadBarUs,
    },
    ...(await logins()),
  ];
}
