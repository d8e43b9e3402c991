/** Options on their way to the engine; must not know what they mean. */

/** A plain copy: the getters of the user's object run here, and not while the engine reads it. */
export function copyOf<Given>(options: Given): Given {
  const isReadable = typeof options === "object" && options !== null && !Array.isArray(options);
  return isReadable ? { ...options } : options;
}
