/** Text in a cell of a table. */
export function cell(text: string): string {
    return text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ");
}

/** Literal text in a cell of a table. */
export function code(text: string): string {
    return `\`${text.replaceAll("|", "\\|")}\``;
}

/** Lines of a table. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
    return [columns, columns.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
}
