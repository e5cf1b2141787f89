import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Words with an explanation: shown on focus as on hover, closed by Escape. */
export function Tip({ text, children }: { text: ComponentChildren; children: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const bubble = useRef<HTMLSpanElement>(null);
  // Fixed to the window, so that no scrolling region cuts it off.
  useLayoutEffect(() => {
    if (!open || !button.current || !bubble.current) return;
    const place = () => {
      if (!button.current || !bubble.current) return;
      const anchor = button.current.getBoundingClientRect();
      const size = bubble.current.getBoundingClientRect();
      const room = document.documentElement.clientWidth - size.width - 12;
      const below = anchor.bottom + 6;
      const fits = below + size.height < window.innerHeight;
      bubble.current.style.left = `${Math.max(12, Math.min(anchor.left, room))}px`;
      bubble.current.style.top = `${fits ? below : Math.max(6, anchor.top - size.height - 6)}px`;
    };
    place();
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && setOpen(false);
    // Focus itself scrolls to a button that is out of sight.
    window.addEventListener("scroll", place, true);
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("scroll", place, true);
      window.removeEventListener("keydown", onKey);
    };
  }, [open]);
  return (
    <span class="tip" onMouseEnter={() => setOpen(true)} onMouseLeave={() => setOpen(false)}>
      <button
        ref={button}
        type="button"
        aria-describedby={open ? id : undefined}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
      >
        {children}
      </button>
      {open && (
        <span ref={bubble} id={id} role="tooltip">
          {text}
        </span>
      )}
    </span>
  );
}
