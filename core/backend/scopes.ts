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
  const stack: Set<Handle>[] = [];
  return {
    track: (handle) => {
      stack.at(-1)?.add(handle);
      return handle;
    },
    tidy: (body) => {
      const scope = new Set<Handle>();
      stack.push(scope);
      try {
        return body();
      } finally {
        stack.pop();
        for (const handle of scope) free(handle);
      }
    },
    keep: (handle) => {
      if (stack.at(-1)?.delete(handle)) stack.at(-2)?.add(handle);
      return handle;
    },
    release: (handle) => {
      for (const scope of stack) scope.delete(handle);
      return handle;
    },
    dispose: (handle) => {
      for (const scope of stack) scope.delete(handle);
      free(handle);
    },
  };
}
