/** Times, ages and sizes as people read them; pure. */

const AGES: readonly (readonly [millis: number, unit: string])[] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
];

/** How old something is: "120 ms", "12.3 s", "3 h". */
export function ageOf(millis: number): string {
  if (millis <= 0) return "new";
  if (millis < 1_000) return `${Math.round(millis)} ms`;
  const [length, unit] = AGES.find(([size]) => millis >= size) ?? [1_000, "s"];
  return `${(millis / length).toFixed(millis < 10 * length ? 1 : 0)} ${unit}`;
}

/** How long something took. */
export function tookOf(millis: number): string {
  if (millis < 0.1) return "< 0.1 ms";
  return millis < 1_000 ? `${millis.toFixed(millis < 10 ? 1 : 0)} ms` : `${(millis / 1_000).toFixed(2)} s`;
}

const SIZES = ["B", "KB", "MB", "GB", "TB"];

/** Bytes, in thousands. */
export function sizeOf(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), SIZES.length - 1);
  const scaled = bytes / 1_000 ** power;
  return `${scaled.toFixed(power === 0 || scaled >= 100 ? 0 : 1)} ${SIZES[power] ?? ""}`;
}

/** A whole number in groups: "1,000,000". */
export function groupedOf(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 entry", "2 entries". */
export function countOf(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}

/** What was thrown, in words. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
