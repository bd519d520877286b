// PostgreSQL's row-level security by a bare connection: what the application's own role may see and
// do in each table of the catalogue, whatever the program asks.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, test } from 'node:test';

import { customRole, member } from './members.mjs';
import { furnished, suite } from './world.mjs';

// Nobody's rows: the history of the schema.
const NOT_TENANTS = new Set(['schema_migrations']);

suite(
  'row security',
  { engines: ['postgres'], env: { ANNOTATEAI_RATE_LIMIT: 'false' } },
  (server) => {
    let a;
    let v;
    let url;
    let admin;
    before(async () => {
      v = await furnished(server());
      a = await furnished(server());
      for (const owner of [a.person, v.person]) {
        const role = await customRole(owner, ['asset_read']);
        const guest = await member(server(), owner, role.id);
        const project = owner === v.person ? v.project : a.project;
        await owner.api('PUT', `/projects/${project.id}/grants/${guest.user.id}`, {
          json: { role: 'annotator' },
        });
        await owner.api('PATCH', `/organizations/${owner.organization.id}/policy`, {
          json: { idle_minutes: 60 },
        });
      }
      url = server().options.env.ANNOTATEAI_DATABASE_URL;
      const name = url.split('/').pop();
      admin = process.env.ANNOTATEAI_TEST_POSTGRES_ADMIN.replace(/\/[^/?]*(\?|$)/, `/${name}$1`);
    });

    const sql = (connection, text) =>
      execFileSync('psql', ['-qXAt', '-v', 'ON_ERROR_STOP=1', connection], {
        input: text,
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'pipe'],
      }).trim();
    const as = (organization, text) =>
      sql(
        url,
        `select set_config('aa.organization', '${organization}', false) \\g /dev/null\n${text}`,
      );
    const refusal = (organization, text) => {
      try {
        as(organization, text);
      } catch (error) {
        return error.stderr;
      }
      return 'not refused';
    };
    const tables = () =>
      sql(
        admin,
        `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1`,
      )
        .split('\n')
        .filter((table) => !NOT_TENANTS.has(table));
    const hasOrganization = (table) =>
      sql(
        admin,
        `select count(*) from information_schema.columns
      where table_name = '${table}' and column_name = 'organization_id'`,
      ) === '1';

    test('every table is under row-level security, forced, with a policy', () => {
      const open = sql(
        admin,
        `select c.relname from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p') and not (
        c.relrowsecurity and c.relforcerowsecurity
        and exists (select 1 from pg_policy p where p.polrelid = c.oid)) order by 1`,
      );
      assert.deepEqual(open.split('\n'), [...NOT_TENANTS]);
      assert.ok(tables().length > 20);
      assert.equal(
        sql(
          url,
          `select rolsuper or rolbypassrls from pg_roles
      where rolname = current_user`,
        ),
        'f',
        'the role of the program is bound by policies',
      );
    });

    test('without a name nothing is seen, written or deleted', () => {
      for (const table of tables()) {
        assert.equal(sql(url, `select count(*) from ${table}`), '0', table);
        assert.equal(
          sql(
            url,
            `begin; with gone as (delete from ${table} returning 1)
        select count(*) from gone; rollback`,
          ),
          '0',
          table,
        );
      }
    });

    test('in the name of one, nothing of another is seen, changed, deleted or made', () => {
      const ours = a.person.organization.id;
      const theirs = v.person.organization.id;
      let filled = 0;
      for (const table of tables()) {
        if (!hasOrganization(table)) continue;
        const row = sql(
          admin,
          `select to_jsonb(t) from ${table} t
        where organization_id = '${theirs}' limit 1`,
        );
        assert.equal(
          as(ours, `select count(*) from ${table} where organization_id <> '${ours}'`),
          '0',
          table,
        );
        assert.equal(
          as(
            ours,
            `begin; with done as (update ${table}
        set organization_id = organization_id where organization_id = '${theirs}' returning 1)
        select count(*) from done; rollback`,
          ),
          '0',
          table,
        );
        assert.equal(
          as(
            ours,
            `begin; with done as (delete from ${table}
        where organization_id = '${theirs}' returning 1) select count(*) from done; rollback`,
          ),
          '0',
          table,
        );
        if (row === '') continue;
        ++filled;
        const copy = `insert into ${table} select r.* from jsonb_populate_record(null::${table},
        $row$${row}$row$) r`;
        assert.match(refusal(ours, copy), /row-level security/, table);
        const moved = `update ${table} set organization_id = '${theirs}'`;
        const own = as(ours, `select count(*) from ${table}`);
        // The trail answers first: its entries are not changed at all.
        const why = table === 'audit_entries' ? /never changed/ : /row-level security/;
        if (own !== '0') assert.match(refusal(ours, moved), why, table);
      }
      assert.ok(filled > 15, `${filled} tables had rows to try`);
    });

    test('tables without a tenant belong to the program alone', () => {
      for (const table of tables()) {
        if (hasOrganization(table)) continue;
        const seen = as(a.person.organization.id, `select count(*) from ${table}`);
        assert.equal(seen, table === 'organizations' ? '1' : '0', table);
      }
    });
  },
);
