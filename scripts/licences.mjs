// Lists what the application is shipped with: packages that the page contains, and those that host and trainers load.

import { readFileSync } from 'node:fs';
import { parseJson } from './setup/files.mjs';

/**
 * A Vite plugin that writes `licences.json` beside the page.
 * @param {URL} lockFile
 */
export function listLicences(lockFile) {
  const lock = /** @type {{packages: Record<string, {version?: string, license?: string, dev?: boolean, optional?: boolean}>}} */ (
    parseJson(readFileSync(lockFile, 'utf8'))
  );
  return {
    name: 'list-licences',
    /** @this {{getModuleIds(): IterableIterator<string>, emitFile(file: {type: 'asset', fileName: string, source: string}): string}} */
    generateBundle() {
      const inPage = new Set([...this.getModuleIds()].map(packageOf).filter((name) => name !== undefined));
      const shipped = Object.entries(lock.packages)
        .filter(([path, { dev, optional }]) => path.startsWith('node_modules/') && ((!dev && !optional) || inPage.has(nameOf(path))))
        .map(([path, { version, license }]) => ({ name: nameOf(path), version: version ?? '', licence: license ?? 'see the package' }));
      const unique = [...new Map(shipped.map((entry) => [`${entry.name} ${entry.version}`, entry])).values()];
      unique.sort((a, b) => (a.name < b.name ? -1 : 1));
      this.emitFile({ type: 'asset', fileName: 'licences.json', source: JSON.stringify(unique) });
    },
  };
}

/** @param {string} path as in the lock file: the last package in it counts */
function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** @param {string} id */
function packageOf(id) {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1];
}
