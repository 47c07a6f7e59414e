/** Who wants to know that a run has changed. */

export interface Changes {
  /** A run has changed, has new records, or is gone. */
  changed(id: string): void;
  onChange(listener: (id: string) => void): () => void;
}

export function createChanges(): Changes {
  const listeners = new Set<(id: string) => void>();
  return {
    changed: (id) => {
      for (const listener of listeners) listener(id);
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
