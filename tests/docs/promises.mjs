// What the comments of an example promise, made into checks: `call(); // 5`. Knows nothing of what is called.

const line = /^(?<indent>\s*)(?<binding>(?:const|let) (?:\w+|\{ \w+ \}) = )?(?<expression>[^\s/].*?);(?<gap>\s+)\/\/ (?<promise>.+)$/;

/** The code with a check for each comment that begins with a value; comments in words stay comments. */
export function withChecks(code) {
  return code.split("\n").map(checked).join("\n");
}

/** How many values the comments promise. */
export function countPromises(code) {
  return code.split("\n").filter((text) => checked(text) !== text).length;
}

function checked(text) {
  const found = text.match(line)?.groups;
  const value = found && !/^(return|throw|import|export|const|let)\b/.test(found.expression) ? literalAtStart(found.promise) : undefined;
  if (value === undefined) return text;
  if (found.binding) return `${text}\n${found.indent}promised(${boundBy(found.binding)}, ${value});`;
  return `${found.indent}promised(${found.expression}, ${value}); // ${found.promise}`;
}

function boundBy(binding) {
  return binding.match(/(\w+)(?: \})? = $/)[1];
}

/** A number, a text, null, undefined, a truth value, an array or an object, before a colon or comma or the end. */
function literalAtStart(promise) {
  const found = promise.match(/^(-?[\d_.]+n?|"[^"]*"|null|undefined|true|false|\[.*?\]|\{.*?\})(?=$|[,:;.] )/)?.[1];
  return found && isExpression(found) ? found : undefined;
}

function isExpression(text) {
  try {
    new Function(`return (${text});`)();
    return true;
  } catch {
    return false;
  }
}
