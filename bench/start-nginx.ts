import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../test/support/free-port.ts';

export interface RunningNginx extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

/** nginx in one process, as a plain reverse proxy with kept-alive connections; null where it is not installed. */
export async function startNginx(upstream: string, folder: string): Promise<RunningNginx | null> {
  const program = process.env['NGINX'] ?? 'nginx';
  if (spawnSync(program, ['-v']).error !== undefined) return null;
  const port = await freePort();
  const prefix = join(folder, 'nginx');
  await mkdir(prefix, { recursive: true });
  const config = join(prefix, 'nginx.conf');
  await writeFile(config, writeConfig(new URL(upstream).host, port));
  const child = spawn(program, ['-p', prefix, '-c', config, '-e', 'error.log'], { stdio: 'ignore' });
  await waitForPort(port, child);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

function writeConfig(upstream: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
master_process off;
pid nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000;
  ${temporary.map((name) => `${name}_temp_path ${name};`).join('\n  ')}
  upstream api { server ${upstream}; keepalive 64; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://api;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
    }
  }
}
`;
}

async function waitForPort(port: number, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx ended by itself: exit code ${child.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return;
    await sleep(50);
  }
}
