/** A count of primes by WebAssembly, synchronous: the page stands still while it runs. Knows no cache. */
import bytes from "./primes.wat";

const { countPrimes: count } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as { countPrimes: (limit: number) => number };

/** How many primes there are below `limit`. */
export function countPrimes(limit: number): number {
  return count(limit);
}
