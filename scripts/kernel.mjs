// `npm run kernel`: compiles the fused kernel of small networks. `--check`: says whether the committed one is what its source gives.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { repositoryRoot } from './setup/paths.mjs';

const folder = path.join(repositoryRoot, 'core', 'plasticity', 'small');
const binary = path.join(folder, 'kernel-binary.ts');
const options = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--enable',
  'relaxed-simd',
  '--importMemory',
  '--initialMemory',
  '0',
];

const temporary = mkdtempSync(path.join(tmpdir(), 'engram-kernel-'));
try {
  const made = path.join(temporary, 'kernel.wasm');
  const compiler = path.join(repositoryRoot, 'node_modules', 'assemblyscript', 'bin', 'asc.js');
  execFileSync(process.execPath, [compiler, path.join('kernel', 'kernel.ts'), '-o', made, ...options], { cwd: folder, stdio: 'inherit' });
  const text = `/** \`kernel/kernel.ts\` as WebAssembly, in base64: made by \`npm run kernel\`, not by hand. */
export const kernelBinary =
  '${readFileSync(made).toString('base64')}';
`;
  if (!process.argv.includes('--check')) writeFileSync(binary, text);
  else if (readFileSync(binary, 'utf8') !== text) {
    process.stderr.write('kernel-binary.ts is not what kernel.ts gives; run: npm run kernel\n');
    process.exitCode = 1;
  }
} finally {
  rmSync(temporary, { recursive: true });
}
