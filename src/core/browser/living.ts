/** Objects that are known for as long as somebody else holds them; must not know what they are for. */

export class Living<Member extends object> {
  readonly #references = new Set<WeakRef<Member>>();
  readonly #gone = new FinalizationRegistry<WeakRef<Member>>((reference) => this.#references.delete(reference));

  add(member: Member): void {
    const reference = new WeakRef(member);
    this.#references.add(reference);
    this.#gone.register(member, reference);
  }

  /** Those there are now. */
  all(): Member[] {
    return [...this.#references].flatMap((reference) => reference.deref() ?? []);
  }
}
