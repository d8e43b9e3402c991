/** Answers that are there at once or in a promise; must not know what was asked. */

/** There at once, or a promise of it. */
export type Soon<Value> = Value | Promise<Value>;

/** Goes on with what is there at once, or with what a promise comes to. */
export function after<Value, Result>(value: Soon<Value>, goOn: (value: Value) => Result): Soon<Awaited<Result>> {
  return (value instanceof Promise ? value.then(goOn) : goOn(value)) as Soon<Awaited<Result>>;
}

/** Steps that yield what may take time, and are given what that comes to. */
export type Steps<Result> = Generator<unknown, Result>;

/** Takes steps, at once as far as none of them has to be waited for. */
export function take<Result>(steps: Steps<Result>): Soon<Result> {
  const goOn = (step: IteratorResult<unknown, Result>): Soon<Result> => {
    while (step.done !== true) {
      const { value } = step;
      if (value instanceof Promise)
        return value.then(
          (settled) => goOn(steps.next(settled)),
          (error: unknown) => goOn(steps.throw(error)),
        );
      step = steps.next(value);
    }
    return step.value;
  };
  return goOn(steps.next());
}
