import type { ComponentChildren } from "preact";

interface Properties {
  summary: ComponentChildren;
  open?: boolean;
  testid?: string;
  children: ComponentChildren;
}

/** What few readers want, one key away. */
export function Disclosure({ summary, open = false, testid, children }: Properties) {
  return (
    <details class="disclosure" open={open} data-testid={testid}>
      <summary>{summary}</summary>
      {children}
    </details>
  );
}
