import { Check } from 'lucide-react';
import { t } from '@/i18n/i18n';
import type { PermissionMatrix, Role } from '@/net/adminRoutes';
import { permissionName } from './permissionName';
import { roleName } from './roleName';

/** Which role has which permission, and which routes that opens: from the server's own table. */
export function PermissionTable(props: { roles: readonly Role[]; matrix: PermissionMatrix }) {
  const { roles, matrix } = props;
  return (
    <section className="stack" aria-labelledby="matrix-title">
      <h2 className="h3" id="matrix-title">
        {t('rights.roles.matrix')}
      </h2>
      {/* Wider than the page: the keyboard scrolls what has the focus. */}
      <div className="card table-wrap" tabIndex={0} role="group" aria-labelledby="matrix-title">
        <table className="table matrix" data-testid="permission-matrix">
          <thead>
            <tr>
              <th scope="col">{t('rights.roles.permission')}</th>
              {roles.map((role) => (
                <th key={role.id} scope="col">
                  {roleName(role.name)}
                </th>
              ))}
              <th scope="col">{t('rights.roles.routes')}</th>
            </tr>
          </thead>
          <tbody>
            {matrix.permissions.map((permission) => (
              <tr key={permission}>
                <th scope="row">
                  {permissionName(permission)}
                  <code>{permission}</code>
                </th>
                {roles.map((role) => (
                  <Cell key={role.id} role={role} has={role.permissions.includes(permission)} />
                ))}
                <td>
                  <Routes matrix={matrix} permission={permission} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Cell({ role, has }: { role: Role; has: boolean }) {
  const name = roleName(role.name);
  return (
    <td className="matrix-cell">
      {has ? <Check aria-hidden="true" /> : null}
      <span className="visually-hidden">
        {t(has ? 'rights.roles.has' : 'rights.roles.hasNot', { role: name })}
      </span>
    </td>
  );
}

function Routes({ matrix, permission }: { matrix: PermissionMatrix; permission: string }) {
  const routes = matrix.routes.filter((route) => route.permission === permission);
  if (routes.length === 0) return null;
  return (
    <details>
      <summary>{routes.length}</summary>
      <ul className="matrix-routes">
        {routes.map((route) => (
          <li key={`${route.method} ${route.path}`} title={route.summary}>
            <code>
              {route.method} {route.path.replace('/api/v1', '')}
            </code>
          </li>
        ))}
      </ul>
    </details>
  );
}
