import type { ComponentChildren } from "preact";

interface Properties {
  id: string;
  title: string;
  lead?: ComponentChildren;
  testid?: string;
  children: ComponentChildren;
}

/** A part of a place: its heading (h2), what it is about, and the thing itself. */
export function Section({ id, title, lead, testid = id, children }: Properties) {
  return (
    <section class="section" id={id} data-testid={testid}>
      <header>
        <h2>{title}</h2>
        {lead && <p>{lead}</p>}
      </header>
      {children}
    </section>
  );
}
