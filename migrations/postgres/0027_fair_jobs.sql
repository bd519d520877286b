-- Leases go round the organisations. `turn` counts them all, so it tells whose last one is longest
-- ago, whatever the clock did.
CREATE TABLE job_turns (
  organization_id UUID NOT NULL,
  errand BOOLEAN NOT NULL,
  turn BIGINT NOT NULL,
  PRIMARY KEY (organization_id, errand)
);
CREATE INDEX job_turns_turn ON job_turns (turn);

DROP INDEX jobs_runnable;
CREATE INDEX jobs_queued ON jobs (errand, organization_id, run_after, id) WHERE state = 'queued';
CREATE INDEX jobs_running ON jobs (organization_id, lease_until) WHERE state = 'running';

CREATE FUNCTION jobs_take_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO job_turns (organization_id, errand, turn)
  SELECT NEW.organization_id, NEW.errand, coalesce(max(turn), 0) + 1 FROM job_turns
  ON CONFLICT (organization_id, errand) DO UPDATE SET turn = excluded.turn;
  RETURN NULL;
END $$;
CREATE TRIGGER jobs_take_turn AFTER UPDATE OF lease_owner ON jobs FOR EACH ROW
  WHEN (NEW.state = 'running' AND NEW.lease_owner IS NOT NULL) EXECUTE FUNCTION jobs_take_turn();

ALTER TABLE job_turns ENABLE ROW LEVEL SECURITY;
ALTER TABLE job_turns FORCE ROW LEVEL SECURITY;
CREATE POLICY job_turns_tenant ON job_turns USING (
    organization_id = NULLIF(current_setting('aa.organization', true), '')::uuid
    OR current_setting('aa.system', true) = 'on');
