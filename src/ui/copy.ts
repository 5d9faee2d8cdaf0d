/** The clipboard API needs a delegation that a CRM's frame seldom has; selecting and copying does not. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "hidden";
    document.body.append(area);
    const focused = document.activeElement;
    area.select();
    const worked = document.execCommand("copy");
    area.remove();
    if (focused instanceof HTMLElement) focused.focus();
    if (!worked) throw new Error("this page may not write to the clipboard");
  }
}
