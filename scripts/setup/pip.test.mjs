import { expect, test } from 'vitest';
import { addressIn } from './pip.mjs';

const filename = 'thing_cpu-2.0-cp311-cp311-manylinux_2_17_x86_64.whl';

test('the address is found whether pip takes the file or skips it as made for another Python', () => {
  const address = `https://host.example/packages/ab/${filename}`;
  const found = `  Found link ${address}#sha256=00ff (from https://host.example/simple/thing-cpu/) (requires-python:>=3.9), version: 2.0`;
  const skipped = `  Skipping link: none of the wheel's tags (cp311) are compatible: ${address} (from https://host.example/simple/thing-cpu/)`;
  expect(addressIn(`1 location(s) to search\n${found}\n`, filename)).toBe(address);
  expect(addressIn(skipped, filename)).toBe(address);
});

test('another file of the same package is not taken', () => {
  expect(addressIn(`Found link https://host.example/packages/ab/old_${filename} (from x)`, filename)).toBeNull();
});

test('an address whose password pip hides, or a folder, is left to pip', () => {
  expect(addressIn(`Found link https://user:****@host.example/${filename}#sha256=0`, filename)).toBeNull();
  expect(addressIn(`Found link file:///opt/wheels/${filename}`, filename)).toBeNull();
});
