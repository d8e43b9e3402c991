/** The tabs that show this page: each has a number for as long as it is open, and tells the others of itself. Must not know what. */

const NAME = "cachier page";
const MILLIS_BETWEEN_LOOKS = 1_000;

type Message<State, Order> = { from: number; state: State } | { hello: number } | { order: Order };

/** Is told when a tab has changed, and what all tabs are asked. */
export interface Listener<Order> {
  changed(): void;
  ordered(order: Order): void;
}

/** This tab among the others. `State` is what each tells of itself, `Order` what one asks of all. */
export class Neighbours<State, Order> {
  /** What is known of each tab that is open, by its number. */
  readonly states = new Map<number, State>();
  readonly #channel = new BroadcastChannel(NAME);

  private constructor(
    readonly number: number,
    private readonly listener: Listener<Order>,
  ) {
    this.#channel.onmessage = ({ data }: MessageEvent<Message<State, Order>>) => this.#hear(data);
    this.#send({ hello: number });
    setInterval(() => void this.#look(), MILLIS_BETWEEN_LOOKS);
  }

  /** Takes the lowest number that is free. */
  static async join<State, Order>(listener: Listener<Order>): Promise<Neighbours<State, Order>> {
    if (!isSecureContext) throw new Error("Tabs find each other by Web Locks, which browsers give to pages of https and localhost only.");
    for (let number = 1; ; number++) if (await take(number)) return new Neighbours<State, Order>(number, listener);
  }

  /** Tells the others what this tab does now. */
  tell(state: State): void {
    this.states.set(this.number, state);
    this.#send({ from: this.number, state });
    this.listener.changed();
  }

  /** Asks the same of all tabs, this one too. */
  order(order: Order): void {
    this.#send({ order });
    this.listener.ordered(order);
  }

  #send(message: Message<State, Order>): void {
    this.#channel.postMessage(message);
  }

  #hear(message: Message<State, Order>): void {
    if ("order" in message) this.listener.ordered(message.order);
    else if ("hello" in message) this.#answer();
    else {
      this.states.set(message.from, message.state);
      this.listener.changed();
    }
  }

  #answer(): void {
    const state = this.states.get(this.number);
    if (state !== undefined) this.#send({ from: this.number, state });
  }

  /** A number whose lock is free was that of a tab that is closed. */
  async #look(): Promise<void> {
    const { held = [] } = await navigator.locks.query();
    const open = new Set(held.map(({ name }) => name));
    const gone = [...this.states.keys()].filter((number) => !open.has(lockOf(number)));
    for (const number of gone) this.states.delete(number);
    if (gone.length > 0) this.listener.changed();
  }
}

function lockOf(number: number): string {
  return `${NAME}: tab ${number}`;
}

/** Holds the lock of a number until this tab is closed; tells whether it was free. */
function take(number: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const held = navigator.locks.request(lockOf(number), { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : forever();
    });
    held.catch(reject);
  });
}

function forever(): Promise<never> {
  return new Promise(() => undefined);
}
