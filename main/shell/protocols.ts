/** `app://` serves the built page, `lab://` serves pictures and arrays out of the lab's folder: read only, nothing else. */
import { protocol } from 'electron';
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { Readable } from 'node:stream';
import type { Application } from './application.ts';

const appHost = 'engram';
export const appOrigin = `app://${appHost}`;

const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob: lab:",
  "font-src 'self'",
  "connect-src 'self' lab:",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.safetensors': 'application/octet-stream',
};
/** A piece takes a millisecond on its way, whatever its size; weights are megabytes. */
const chunkBytes = 2 ** 21;
const labFolders = ['runs', 'datasets', 'inspection'];
const labTypes = ['.png', '.safetensors'];

/** Before the application is ready. */
export function registerSchemes(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true };
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { ...privileges, codeCache: true } },
    { scheme: 'lab', privileges: { ...privileges, corsEnabled: true } },
  ]);
}

export function setupProtocols({ built, dataFolder }: Application): void {
  protocol.handle('app', async ({ url, method }) => {
    const { host, pathname } = new URL(url);
    if (host !== appHost || method !== 'GET') return refuse(403);
    return await serve(built.page, pathname === '/' ? '/index.html' : pathname, Object.keys(types));
  });
  protocol.handle('lab', async ({ url, method }) => {
    const [, folder = '', ...rest] = new URL(url).pathname.split('/');
    if (!labFolders.includes(folder) || method !== 'GET') return refuse(403);
    return await serve(join(dataFolder, folder), `/${rest.join('/')}`, labTypes);
  });
}

/** A file below `folder`, of one of these kinds; links and names that lead out of it lead nowhere. */
async function serve(folder: string, pathname: string, kinds: readonly string[]): Promise<Response> {
  try {
    const base = await realpath(folder);
    const path = await realpath(join(base, decodeURIComponent(pathname)));
    const kind = extname(path);
    if (!path.startsWith(base + sep) || !kinds.includes(kind)) return refuse(403);
    const { size } = await stat(path);
    const headers = {
      'content-type': types[kind] ?? 'application/octet-stream',
      'content-length': String(size),
      'content-security-policy': policy,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'cross-origin',
      'access-control-allow-origin': appOrigin,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    };
    return new Response(Readable.toWeb(createReadStream(path, { highWaterMark: chunkBytes })) as ReadableStream, { headers });
  } catch {
    return refuse(404);
  }
}

function refuse(status: number): Response {
  return new Response(null, { status });
}
