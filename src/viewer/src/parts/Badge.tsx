import type { ComponentChildren } from "preact";

export type Tone = "plain" | "good" | "bad" | "doubt" | "accent";

/** A word or two about the thing it stands beside; its colour only repeats what the word says. */
export function Badge({ tone = "plain", children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}
