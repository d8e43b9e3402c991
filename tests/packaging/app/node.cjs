const { memoize, setGlobalParams } = require("cachier");

setGlobalParams({ staleAfter: "1h" });
const square = memoize((n) => ({ square: n * n }));
console.log(square(12) === square(12) ? "works" : "a sync function is not memoized");
