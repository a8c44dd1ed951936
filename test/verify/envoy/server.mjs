// The page's configuration in a real Envoy before a small app. See node/server.mjs for what every server here does.
// Only addresses are changed: where Envoy listens, where the app is, and where the proxy is, without TLS.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';

const { JWKS_URL, ENVOY } = process.env;
const PAGE = join(import.meta.dirname, 'envoy.yaml');
// More than one of these may run here.
const RUN = join(import.meta.dirname, `run-${process.pid}.json`);
const ADMIN = join(import.meta.dirname, `admin-${process.pid}`);
const config = parse(await readFile(PAGE, 'utf8'));

const app = createServer(({ rawHeaders }, response) => {
  // Like WSGI, to which x_caller is x-caller.
  const joined = (name) => rawHeaders.filter((_, i) => rawHeaders[i - 1]?.toLowerCase().replaceAll('_', '-') === name);
  const [caller, originalUser] = ['x-caller', 'x-on-behalf-of'].map((name) => joined(name).join() || null);
  response.end(JSON.stringify({ caller, originalUser }));
}).listen(0, '127.0.0.1');
await once(app, 'listening');

// As it stands in the page, TLS and all.
execFileSync(ENVOY, ['--mode', 'validate', '--log-level', 'warn', '-c', PAGE], { stdio: 'inherit' });

const { listeners, clusters } = config.static_resources;
listeners[0].address.socket_address = { address: '127.0.0.1', port_value: 0 };
point('app', app.address().port);
point('behalf', Number(new URL(JWKS_URL).port));
delete clusters.find(({ name }) => name === 'behalf').transport_socket;
config.admin = { address: { socket_address: { address: '127.0.0.1', port_value: 0 } } };
await writeFile(RUN, JSON.stringify(config));

const args = ['-c', RUN, '--admin-address-path', ADMIN, '--disable-hot-restart', '--concurrency', '1'];
const envoy = spawn(ENVOY, [...args, '--log-level', 'warn'], { stdio: ['ignore', 'inherit', 'inherit'] });
envoy.on('exit', (code) => process.exit(code ?? 1));
process.on('exit', () => envoy.kill('SIGKILL'));
for (const event of ['SIGTERM', 'disconnect']) process.on(event, () => envoy.kill('SIGKILL'));

console.log(`listening on http://${await address()}`);

function point(cluster, port) {
  const { load_assignment: assignment } = clusters.find(({ name }) => name === cluster);
  assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address = { address: '127.0.0.1', port_value: port };
}

/** Of Envoy's listener, once it takes requests. */
async function address() {
  let admin = '';
  // The file is there a moment before what stands in it.
  while (!/:\d+$/.test(admin)) {
    await sleep(50);
    if (existsSync(ADMIN)) admin = `http://${await readFile(ADMIN, 'utf8')}`;
  }
  while (!(await fetch(`${admin}/ready`)).ok) await sleep(50);
  const { listener_statuses: statuses } = await (await fetch(`${admin}/listeners?format=json`)).json();
  const { address, port_value: port } = statuses[0].local_address.socket_address;
  return `${address}:${port}`;
}
