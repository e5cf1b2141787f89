// What systems share is said once: values with the systems that have them, and configs cut into their blocks.

/** A value, and the systems (by index) that have it. */
export interface Held {
  value: string;
  systems: number[];
}

/** Group the systems by a value; those without one (null) are left out. */
export function held(values: readonly (string | null)[]): Held[] {
  const groups = new Map<string, number[]>();
  values.forEach((value, system) => {
    if (value !== null) groups.set(value, [...(groups.get(value) ?? []), system]);
  });
  return [...groups].map(([value, systems]) => ({ value, systems }));
}

/** Names that any of the records has, in the order in which they come. */
export function names(records: readonly Record<string, unknown>[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))];
}

/** Cut YAML into its top-level entries; joined again they are the text. */
export function blocks(yaml: string): string[] {
  return yaml.split(/^(?=[^\s#-])/m).filter((block) => block.trim() !== "");
}

/** The blocks that all configs have, and for the others who has them. */
export function sharedConfig(configs: readonly string[]): { common: string; own: Held[] } {
  const cut = configs.map(blocks);
  const first = cut[0] ?? [];
  const common = first.filter((block) => cut.every((others) => others.includes(block)));
  const rest = cut.map((own) => own.filter((block) => !common.includes(block)).join("") || null);
  return { common: common.join(""), own: held(rest) };
}
