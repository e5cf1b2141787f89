import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface Properties {
  /** What is in it, for people who do not see it. */
  label: string;
  /** Whether it scrolls downwards too, under a header that stays. */
  tall?: boolean;
  testid?: string;
  children: ComponentChildren;
}

/** A place of its own for what may be wider than the page: the page itself never scrolls sideways. */
export function ScrollRegion({ label, tall = false, testid, children }: Properties) {
  const region = useRef<HTMLDivElement>(null);
  const [more, setMore] = useState(false);
  // Its edge fades where there is more to the right: without a scrollbar nothing else would tell.
  useEffect(() => {
    const element = region.current;
    if (!element) return;
    const look = () => setMore(element.scrollLeft + element.clientWidth < element.scrollWidth - 2);
    const observer = new ResizeObserver(look);
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);
  return (
    <div
      ref={region}
      class={["scroll-region", tall ? "tall" : "", more ? "more" : ""].filter(Boolean).join(" ")}
      role="region"
      aria-label={label}
      tabIndex={0}
      data-testid={testid}
    >
      {children}
    </div>
  );
}
