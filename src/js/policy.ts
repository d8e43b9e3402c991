/** The options of one call, as the engine keeps them; must not know what they mean. */
import { collect, makePolicy } from "./glue.js";
import { CALL, copyOf, handOver } from "./options.js";
import type { CallOptions } from "./types.js";

/** The options of one call, checked. */
export interface Policy {
  /** The engine's number for them. */
  readonly id: number;
}

/** The getters of the user's object run first, and not while the engine is told. */
export function policyOf(options: CallOptions): Policy {
  handOver(copyOf(options), CALL);
  const policy = { id: makePolicy() };
  policies.register(policy, policy.id);
  return policy;
}

/** They go from the engine when nobody holds them here. */
const policies = new FinalizationRegistry(collect);
