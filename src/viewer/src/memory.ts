// What the reader chose, for the next time. Pages from disk may have no storage: then it is forgotten.

const PREFIX = "tercet.";

/** What was chosen before; null where nothing was, or nothing can be kept. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Keep a choice, if the browser lets us. */
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Nothing depends on it.
  }
}
