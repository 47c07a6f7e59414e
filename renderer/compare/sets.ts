/** Sets that are never changed: each change makes another one. */

export function including<Item>(set: Iterable<Item>, items: Iterable<Item>): ReadonlySet<Item> {
  return new Set([...set, ...items]);
}

export function excluding<Item>(set: ReadonlySet<Item>, items: readonly Item[]): ReadonlySet<Item> {
  return new Set([...set].filter((item) => !items.includes(item)));
}

export function unique<Item>(items: Iterable<Item>): Item[] {
  return [...new Set(items)];
}
