/** What was chosen in a form, kept over a reload of this tab. Must not know what the choices mean. */

type Control = HTMLInputElement | HTMLSelectElement;

/** Restores what was chosen before and keeps what is chosen from now on. `onRestored` lets fields appear that depend on others. */
export function keepForm(form: HTMLFormElement, onRestored: () => void): void {
  // Fields that depend on a choice are there only once it is made.
  restore(form);
  onRestored();
  restore(form);
  form.addEventListener("change", () => sessionStorage.setItem(form.id, JSON.stringify(stateOf(form))));
}

function controlsOf(form: HTMLFormElement): Control[] {
  return [...form.elements].filter((element): element is Control => element instanceof HTMLInputElement || element instanceof HTMLSelectElement);
}

function stateOf(form: HTMLFormElement): Record<string, string | boolean> {
  return Object.fromEntries(controlsOf(form).map((control) => [control.name || control.id, isBox(control) ? control.checked : control.value]));
}

function restore(form: HTMLFormElement): void {
  const state = JSON.parse(sessionStorage.getItem(form.id) ?? "{}") as Record<string, string | boolean>;
  for (const control of controlsOf(form)) put(control, state[control.name || control.id]);
}

function put(control: Control, value: string | boolean | undefined): void {
  if (value === undefined) return;
  if (isBox(control)) control.checked = value === true;
  else control.value = String(value);
}

function isBox(control: Control): control is HTMLInputElement {
  return control.type === "checkbox";
}
