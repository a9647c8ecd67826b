/** "1 rule", "2 rules". */
export function count(number: number, noun: string): string {
    return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Puts items on lines of at most `width` columns; an item that is longer gets a line of its own. */
export function wrap(items: readonly string[], separator: string, width: number): string[] {
    const lines: string[] = [];
    let line = "";
    for (const item of items) {
        const longer = line === "" ? item : line + separator + item;
        if (longer.length + separator.trimEnd().length > width && line !== "") {
            lines.push(line + separator.trimEnd());
            line = item;
        } else {
            line = longer;
        }
    }
    return line === "" ? lines : [...lines, line];
}

/** A type token as people say it: `ec2.Subnet` in AWS, else `<package>.<Type>`, for example `vault.Mount`. */
export function shortType(type: string): string {
    const [owner = "", module = "", name = type] = type.split(":");
    if (owner === "pulumi" && module === "providers") {
        return `${name} provider`;
    }
    return `${owner === "aws" ? (module.split("/")[0] ?? owner) : owner}.${name}`;
}
