/** Lifetimes of tensors: a stack of scopes that free what was made inside them, shared by every backend. */

export interface Scopes<Handle> {
  /** Registers a new tensor with the innermost scope. */
  track<Tracked extends Handle>(handle: Tracked): Tracked;
  tidy<Result>(body: () => Result): Result;
  keep<Kept extends Handle>(handle: Kept): Kept;
  /** Takes it out of every scope: from here on only `dispose` frees it. */
  release<Released extends Handle>(handle: Released): Released;
  /** Frees at once, whichever scope it belongs to. */
  dispose(handle: Handle): void;
}

/** Scopes that free through `free`, which is called once a handle. */
export function createScopes<Handle>(free: (handle: Handle) => void): Scopes<Handle> {
  // Lists: a set would hash each of a thousand handles an episode, which costs as much as a small op. What is taken out came in late.
  const stack: Handle[][] = [];
  const takeOut = (scope: Handle[] | undefined, handle: Handle): boolean => {
    const at = scope?.lastIndexOf(handle) ?? -1;
    if (at < 0) return false;
    const last = scope!.pop()!;
    if (at < scope!.length) scope![at] = last;
    return true;
  };
  const release = <Released extends Handle>(handle: Released): Released => {
    for (let depth = stack.length - 1; depth >= 0 && !takeOut(stack[depth], handle); depth--);
    return handle;
  };
  return {
    track: (handle) => {
      stack.at(-1)?.push(handle);
      return handle;
    },
    tidy: (body) => {
      const scope: Handle[] = [];
      stack.push(scope);
      try {
        return body();
      } finally {
        stack.pop();
        for (const handle of scope) free(handle);
      }
    },
    keep: (handle) => {
      if (takeOut(stack.at(-1), handle)) stack.at(-2)?.push(handle);
      return handle;
    },
    release,
    dispose: (handle) => free(release(handle)),
  };
}
