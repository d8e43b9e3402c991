/** Options as fields of a form: what they give, and what is wrong with them. Must not know what an option means. */
import { make } from "./dom.js";
import type { Group, Option } from "./options.js";
import { messageOf } from "./words.js";

type Control = HTMLInputElement | HTMLSelectElement;

interface Field {
  readonly option: Option;
  readonly control: Control;
  readonly error: HTMLElement;
}

/** The fields of some groups of options. `prefix` tells those of two forms apart. */
export class Fields {
  readonly #fields: readonly Field[];

  constructor(container: HTMLElement, prefix: string, groups: readonly Group[]) {
    const made = groups.map((group) => ({ group, fields: group.options.map((option) => makeField(option, prefix)) }));
    container.append(...made.map(({ group, fields }) => makeGroup(group, fields)));
    this.#fields = made.flatMap(({ fields }) => fields);
  }

  /** The options that are given; what is left at its default is not among them. */
  values(): Record<string, unknown> {
    const given = this.#fields.map(({ option, control }) => [option.name, valueOf(option, control)] as const);
    return Object.fromEntries(given.filter(([, value]) => value !== undefined));
  }

  /** Puts text into a field, unless something else is there already. */
  suggest(name: string, text: string, unlessOtherThan: readonly string[]): void {
    const control = this.#fields.find(({ option }) => option.name === name)?.control;
    if (control !== undefined && (control.value === "" || unlessOtherThan.includes(control.value))) control.value = text;
  }

  /** Shows what was thrown beside the field that it names; tells whether it names one. */
  report(thrown: unknown): boolean {
    const message = messageOf(thrown);
    const named = this.#fields.find(({ option }) => message.startsWith(`${option.name}:`) || message.includes(` ${option.name}:`));
    if (named === undefined) return false;
    named.error.textContent = message;
    named.control.setAttribute("aria-invalid", "true");
    named.control.closest("details")?.setAttribute("open", "");
    return true;
  }

  /** Nothing is wrong any more. */
  clearReports(): void {
    for (const { control, error } of this.#fields) {
      control.removeAttribute("aria-invalid");
      if (error.textContent !== "") error.textContent = "";
    }
  }
}

function makeGroup({ title, isOpen = false }: Group, fields: readonly Field[]): HTMLElement {
  const grid = make("div", { className: "fields" }, ...fields.map(layOut));
  return make("details", { open: isOpen }, make("summary", {}, title), grid);
}

function makeField(option: Option, prefix: string): Field {
  const id = `${prefix}-${option.name}`;
  const control = makeControl(option);
  Object.assign(control, { id, name: id });
  control.setAttribute("aria-describedby", `${id}-help ${id}-error`);
  const error = make("p", { id: `${id}-error`, className: "error" });
  error.setAttribute("role", "alert");
  return { option, control, error };
}

function makeControl(option: Option): Control {
  if (option.kind === "choice") return make("select", {}, ...option.choices.map(([label]) => make("option", {}, label)));
  if (option.kind === "switch") return make("input", { type: "checkbox", defaultChecked: option.initial ?? false });
  return make("input", { type: "text", defaultValue: option.initial ?? "", placeholder: option.usual, autocomplete: "off", spellcheck: false });
}

function layOut({ option, control, error }: Field): HTMLElement {
  const label = make("label", { htmlFor: control.id }, option.name);
  const help = make("p", { id: `${control.id}-help`, className: "help" }, `${option.help}. Default: ${option.usual}.`);
  return make("div", { className: `field ${option.kind}` }, label, control, help, error);
}

function valueOf(option: Option, control: Control): unknown {
  if (option.kind === "choice") return option.choices[(control as HTMLSelectElement).selectedIndex]?.[1];
  if (option.kind === "switch") return switchOf((control as HTMLInputElement).checked, option.isOnByDefault ?? false);
  return option.kind === "text" ? control.value || undefined : quantityOf(control.value.trim());
}

function switchOf(isOn: boolean, isOnByDefault: boolean): boolean | undefined {
  return isOn === isOnByDefault ? undefined : isOn;
}

const WORDS = new Map<string, boolean | undefined>([["", undefined], ["true", true], ["false", false]]);

function quantityOf(text: string): unknown {
  if (WORDS.has(text)) return WORDS.get(text);
  return Number.isNaN(Number(text)) ? text : Number(text);
}
