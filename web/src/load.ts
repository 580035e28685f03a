// What a view reads beside the replica, read again when it may have changed.
import { useEffect, useState } from "preact/hooks";
import { call, type Refusal } from "./api";
import { revision, touched } from "./replica";

export type Loaded<T> = { data?: T; error?: Refusal; again: () => void };

// useRead reads a path, and again when one of the keys is touched; without
// keys when anything is.
export function useRead<T>(path: string, keys?: string[]): Loaded<T> {
  const [state, set] = useState<{ path: string; data?: T; error?: Refusal }>({ path }), [n, again] = useState(0);
  const changed = keys ? (keys.some((k) => touched.value.has(k)) ? touched.value : undefined) : revision.value;
  useEffect(() => {
    const stop = new AbortController();
    const late = setTimeout(() => {
      call<T>(path, { signal: stop.signal }).then((data) => set({ path, data }), (error: Refusal) => stop.signal.aborted || set((old) => ({ ...old, path, error })));
    }, state.path === path && state.data ? 250 : 0);
    return () => { clearTimeout(late); stop.abort(); };
  }, [path, changed, n]);
  return { ...(state.path === path ? state : {}), again: () => again(n + 1) } as Loaded<T>;
}
