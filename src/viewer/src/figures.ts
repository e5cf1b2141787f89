// Numbers as people read them: one place that decides signs, decimals and what stands where nothing is known.

export const NONE = "–";

/** A value with a score's decimals; a dash where there is none. */
export function value(number: number | null | undefined, decimals: number): string {
  return number === null || number === undefined ? NONE : minus(number.toFixed(decimals));
}

/** A difference: with its sign, and 0 without one. */
export function signed(number: number | null | undefined, decimals: number): string {
  if (number === null || number === undefined) return NONE;
  const text = number.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : number > 0 ? `+${text}` : minus(text);
}

/** A p-value: "<.001" below what its digits show. */
export function p(number: number | null | undefined): string {
  if (number === null || number === undefined) return NONE;
  return number < 0.001 ? "<.001" : number.toFixed(3).replace(/^0/, "");
}

/** An interval, as "[0.21, 0.34]". */
export function interval(ends: [number, number] | null | undefined, decimals: number, sign = false): string {
  if (!ends) return "";
  const shown = sign ? signed : value;
  return `[${shown(ends[0], decimals)}, ${shown(ends[1], decimals)}]`;
}

/** A count with thousands set apart. */
export function count(number: number): string {
  return number.toLocaleString("en-US");
}

/** Money in US dollars: as many decimals as show something. */
export function dollars(number: number | null | undefined): string {
  if (number === null || number === undefined) return NONE;
  if (number === 0) return "$0";
  return `$${number.toFixed(number < 0.1 ? 4 : 2)}`;
}

const minus = (text: string): string => (Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−"));
