import type { ComponentChildren } from "preact";

interface Properties<T extends string> {
  label: string;
  value: T;
  options: { value: T; text: ComponentChildren; lang?: string }[];
  choose(value: T): void;
  testid?: string;
}

/** One of a few, side by side. */
export function Choice<T extends string>({ label, value, options, choose, testid }: Properties<T>) {
  return (
    <div class="choice" role="group" aria-label={label} data-testid={testid}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          lang={option.lang}
          aria-pressed={option.value === value}
          onClick={() => choose(option.value)}
        >
          {option.text}
        </button>
      ))}
    </div>
  );
}
