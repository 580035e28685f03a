// What a view reads beside the replica, read again when it may have changed.
import { useEffect, useRef, useState } from "preact/hooks";
import { call, type Refusal } from "./api";
import { revision, touched } from "./replica";

export type Loaded<T> = { data?: T; error?: Refusal; again: () => void };

const pause = 250; // between two answers of one path

// useRead reads a path, and again when one of the keys is touched; without
// keys when anything is. It reads one at a time, and each to its end, so that
// what is shown moves on however quickly changes come.
export function useRead<T>(path: string, keys?: string[]): Loaded<T> {
  const [state, set] = useState<{ path: string; data?: T; error?: Refusal }>({ path }), [n, again] = useState(0);
  const hit = useRef<unknown>(undefined), begun = useRef(""), later = useRef(() => {});
  if (!keys) hit.current = revision.value;
  else if (["all", ...keys].some((k) => touched.value.has(k))) hit.current = touched.value;
  useEffect(() => {
    const stop = new AbortController();
    let timer = 0, busy = false, due = false;
    const read = async () => {
      timer = 0; due = false; busy = true;
      try {
        const data = await call<T>(path, { signal: stop.signal });
        if (!stop.signal.aborted) set({ path, data });
      } catch (error) {
        if (!stop.signal.aborted) set((old) => ({ ...old, path, error: error as Refusal }));
      }
      busy = false;
      if (due && !stop.signal.aborted) later.current();
    };
    later.current = () => { due = true; if (!timer && !busy) timer = window.setTimeout(read, pause); };
    void read();
    return () => { clearTimeout(timer); stop.abort(); };
  }, [path]);
  useEffect(() => {
    if (begun.current === path) later.current();
    begun.current = path;
  }, [path, hit.current, n]);
  return { ...(state.path === path ? state : {}), again: () => again(n + 1) } as Loaded<T>;
}
