-- Leases go round the organisations. `turn` counts them all, so it tells whose last one is longest
-- ago, whatever the clock did.
CREATE TABLE job_turns (
  organization_id TEXT NOT NULL,
  errand BOOLEAN NOT NULL,
  turn INTEGER NOT NULL,
  PRIMARY KEY (organization_id, errand)
) WITHOUT ROWID;
CREATE INDEX job_turns_turn ON job_turns (turn);

DROP INDEX jobs_runnable;
CREATE INDEX jobs_queued ON jobs (errand, organization_id, run_after, id) WHERE state = 'queued';
CREATE INDEX jobs_running ON jobs (organization_id, lease_until) WHERE state = 'running';

CREATE TRIGGER jobs_take_turn AFTER UPDATE OF lease_owner ON jobs
WHEN NEW.state = 'running' AND NEW.lease_owner IS NOT NULL BEGIN
  INSERT INTO job_turns (organization_id, errand, turn)
  SELECT NEW.organization_id, NEW.errand, coalesce(max(turn), 0) + 1 FROM job_turns WHERE TRUE
  ON CONFLICT (organization_id, errand) DO UPDATE SET turn = excluded.turn;
END;

-- No search could use them: what is not asked for is told by NULL, which SQLite plans for beforehand.
-- Each was a page more to write and to flush with every change.
DROP INDEX audit_entries_actor;
DROP INDEX audit_entries_object;
