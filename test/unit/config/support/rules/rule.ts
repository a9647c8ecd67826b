import type { Tree } from "../../fixture.ts";

/** Whether a configuration, beside those of the other stacks, may be accepted. What makes it throw may not. */
export type Rule = (config: Tree, others: Readonly<Record<string, Tree>>, stack: string) => boolean;

/** Whether a name may be part of a DNS name, of any length. */
export function isLabel(name: string): boolean {
    return (
        name.split("").every((letter) => "abcdefghijklmnopqrstuvwxyz0123456789-".includes(letter)) &&
        !/^-|-$|^$/.test(name)
    );
}
