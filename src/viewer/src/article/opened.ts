// Parts of the data as components see them: not there yet, there, or broken.

import { useEffect, useState } from "preact/hooks";

export type Opened<T> = { state: "waiting" } | { state: "open"; value: T } | { state: "broken"; fault: string };

const WAITING = { state: "waiting" } as const;

/** Open a part of the data; `key` names it, and `wanted` says whether it is wanted at all yet. */
export function useOpened<T>(open: () => Promise<T>, key: string, wanted = true): Opened<T> {
  const [found, setFound] = useState<{ key: string; opened: Opened<T> }>({ key, opened: WAITING });
  useEffect(() => {
    if (!wanted) return undefined;
    let left = false;
    const tell = (opened: Opened<T>) => {
      if (!left) setFound({ key, opened });
    };
    open().then(
      (value) => tell({ state: "open", value }),
      (error: unknown) => tell({ state: "broken", fault: String(error) }),
    );
    return () => {
      left = true;
    };
  }, [key, wanted]);
  return found.key === key ? found.opened : WAITING;
}
