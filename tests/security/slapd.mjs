// An LDAP server (OpenLDAP's slapd) with people, groups and certificates of its own.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { sleep } from './world.mjs';

export const haveSlapd = (() => {
  try {
    execFileSync('sh', ['-c', 'command -v slapd || test -x /usr/sbin/slapd']);
    return true;
  } catch {
    return false;
  }
})();

const freePort = () =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

// A certificate authority and a certificate of its for the names.
export function makeCertificates(folder, names) {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const key = (name) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`];
  openssl('req', '-x509', ...key('ca'), '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test CA');
  openssl('req', ...key('server'), '-out', 'server.csr', '-subj', '/CN=ldap');
  writeFileSync(path.join(folder, 'names'), `subjectAltName=${names}\n`);
  openssl(
    'x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key',
    '-CAcreateserial', '-out', 'server.pem', '-days', '2', '-extfile', 'names',
  ); // prettier-ignore
  return readFileSync(path.join(folder, 'ca.pem'), 'utf8');
}

const person = (uid, { mail = `${uid}@ldap.test`, name = `Person ${uid}` } = {}) => `
dn: uid=${uid},ou=people,dc=test
objectClass: inetOrgPerson
uid: ${uid}
sn: ${uid}
cn: ${uid}
displayName: ${name}
mail: ${mail}
userPassword: secret of ${uid}
`;

const group = (cn, ...uids) => `
dn: cn=${cn},ou=groups,dc=test
objectClass: groupOfNames
cn: ${cn}
${uids.map((uid) => `member: uid=${uid},ou=people,dc=test`).join('\n')}
`;

const content = `
dn: dc=test
objectClass: dcObject
objectClass: organization
o: Test
dc: test

dn: ou=people,dc=test
objectClass: organizationalUnit
ou: people

dn: ou=groups,dc=test
objectClass: organizationalUnit
ou: groups

dn: cn=search,dc=test
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: search
userPassword: search secret
${person('ada')}${person('bob')}${person('nina')}${person('lena')}
${person('olga')}${person('pia')}${person('quin')}
${person('twin1', { mail: 'twins@ldap.test' })}${person('twin2', { mail: 'twins@ldap.test' })}
${group('labelers', 'ada', 'bob')}${group('leads', 'bob')}`;

export async function startSlapd({ names = 'IP:127.0.0.1' } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'aa-slapd-'));
  mkdirSync(path.join(folder, 'data'));
  const authority = makeCertificates(folder, names);
  const [port, tlsPort] = [await freePort(), await freePort()];
  const schemas = ['core', 'cosine', 'inetorgperson'];
  writeFileSync(
    path.join(folder, 'slapd.conf'),
    `${schemas.map((name) => `include /etc/ldap/schema/${name}.schema`).join('\n')}
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
TLSCertificateFile ${folder}/server.pem
TLSCertificateKeyFile ${folder}/server.key
pidfile ${folder}/pid
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=search,dc=test" read by anonymous auth by * none
database mdb
maxsize 16777216
suffix "dc=test"
rootdn "cn=admin,dc=test"
rootpw admin
directory ${folder}/data
overlay memberof
`,
  );
  const url = `ldap://127.0.0.1:${port}`;
  const process = spawn(
    '/usr/sbin/slapd',
    ['-f', `${folder}/slapd.conf`, '-h', `${url} ldaps://127.0.0.1:${tlsPort}`, '-d', '0'],
    { stdio: 'ignore' },
  );
  writeFileSync(path.join(folder, 'content.ldif'), content);
  for (let i = 0; ; ++i) {
    try {
      const as = ['-x', '-D', 'cn=admin,dc=test', '-w', 'admin', '-H', url];
      execFileSync('ldapadd', [...as, '-f', `${folder}/content.ldif`], { stdio: 'ignore' });
      break;
    } catch (error) {
      if (i > 100) throw error;
      await sleep(50);
    }
  }
  return {
    port,
    tlsPort,
    authority,
    stop() {
      process.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
