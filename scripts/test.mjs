// Runs the parts of the test, all or those named, and sums up. What a part does stands in parts.mjs.

const words = process.argv.slice(2);
// Before parts.mjs and every child read it.
if (words.includes("--deep")) Object.assign(process.env, { CACHIER_DEEP: "1", PROPTEST_CASES: process.env.PROPTEST_CASES ?? "20000" });

const { deep, parts } = await import("./parts.mjs");
const { setUp } = await import("./setup.mjs");
const { execute, heartbeat, secondsSince } = await import("./shell.mjs");

const limitInSeconds = deep ? 3600 : 900;
const testCounts = [/^test result: ok\. (\d+) passed/gm, /tests? run: (\d+) passed/g, /^(?:# |ℹ )pass (\d+)$/gm];

try {
  const choice = choose(words.filter((word) => !word.startsWith("--")));
  await setUp(toolsOf(choice.wanted));
  const start = Date.now();
  summarize(await runBesideEachOther(choice), secondsSince(start));
} catch (failure) {
  console.error(failure.message);
  process.exitCode = 1;
}

/** Words that name no part are handed to the parts, such as `browser firefox worker`. */
function choose(names) {
  const named = parts.filter((part) => names.includes(part.name));
  const details = names.filter((word) => !parts.some((part) => part.name === word));
  if (named.length === 0 && details.length > 0)
    throw new Error(`no part is called ${details.join(" or ")}; there are ${parts.map((part) => part.name).join(", ")}`);
  const wanted = named.length > 0 ? named : parts.filter((part) => deep || !part.deepOnly);
  return { wanted, details };
}

function toolsOf(wanted) {
  return [...new Set(wanted.flatMap((part) => part.tools))];
}

/** Those that make or read pkg/ in turn, and beside them the others: each waits much of its time, for browsers or for a linker. */
async function runBesideEachOther({ wanted, details }) {
  const rows = [true, false].map((usesPackage) => wanted.filter((part) => (part.usesPackage ?? false) === usesPackage));
  const results = (await Promise.all(rows.map((row) => runInTurn(row, details)))).flat();
  return wanted.map(({ name }) => results.find((result) => result.name === name));
}

async function runInTurn(row, details) {
  const results = [];
  for (const part of row) results.push(await runPart(part, details));
  return results;
}

async function runPart(part, details) {
  console.log(`\n-> ${part.name}`);
  const beat = heartbeat(part.name, 30);
  const outputs = [];
  try {
    const ended = await part.run(recorder(outputs, beat), details);
    const output = outputs.join("\n");
    if (part.shows) console.log(output.match(part.shows)?.join("\n") ?? "");
    console.log(`   ${part.name} passed (${beat.seconds()} s)`);
    return { name: part.name, result: "passed", seconds: beat.seconds(), note: ended?.remark ?? countTests(output) };
  } catch (failure) {
    console.log([...outputs, failure.output ?? "", `${part.name} FAILED: ${failure.message}`].join("\n"));
    return { name: part.name, result: "FAILED", seconds: beat.seconds(), note: failure.message.split("\n")[0] };
  } finally {
    beat.stop();
  }
}

function recorder(outputs, beat) {
  return async (command, args, extra = {}) => {
    const output = await execute(command, args, { extra, onText: beat.onText, seconds: limitInSeconds });
    outputs.push(`$ ${command} ${args.join(" ")}\n${output}`);
    return output;
  };
}

function countTests(output) {
  const counts = testCounts.flatMap((pattern) => [...output.matchAll(pattern)].map((found) => Number(found[1])));
  return counts.length > 0 ? `${counts.reduce((sum, count) => sum + count, 0)} tests` : "";
}

function summarize(results, seconds) {
  console.log(`\n${"part".padEnd(12)}${"result".padEnd(10)}seconds`);
  for (const { name, result, seconds: spent, note } of results)
    console.log(`${name.padEnd(12)}${result.padEnd(10)}${String(spent).padStart(7)}  ${note}`);
  console.log(`${"all".padEnd(22)}${String(seconds).padStart(7)}\n`);
  const count = (wanted) => results.filter(({ result }) => result === wanted).length;
  if (count("FAILED") > 0) process.exitCode = 1;
  console.log(`${count("passed")} passed, ${count("FAILED")} failed`);
}
