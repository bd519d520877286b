INSERT INTO operations (asset_id, revision, organization_id, id, target, body, source, actor_id,
                        created_at, hash, step, undoes, run)
SELECT $1, value ->> 'revision', $2, value ->> 'id', value ->> 'target', value ->> 'body',
       value ->> 'source', value ->> 'actor_id', value ->> 'created_at', value ->> 'hash',
       value ->> 'step', value ->> 'undoes', value ->> 'run'
FROM json_each($3)
