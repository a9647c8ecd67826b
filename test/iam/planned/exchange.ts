import type { Attempt } from "./attempt.ts";
import type { Intended } from "./hops.ts";

/** An intended request with one attribute exchanged. */
export interface Unintended {
    title: string;
    from: Attempt;
    attempt: Attempt;
}

/** Values of an attribute that must not do in place of the intended one. `undefined`: the request lacks it. */
export type Alternatives = Readonly<Record<string, readonly (string | readonly string[] | undefined)[]>>;

/** The request once more for each alternative, with that one attribute exchanged. */
export function exchanged({ title, attempt }: Intended, alternatives: Alternatives): Unintended[] {
    return Object.entries(alternatives).flatMap(([attribute, values]) =>
        values.map((value) => {
            const { [attribute]: _, ...rest } = attempt;
            return {
                title: `${title}, but ${attribute} is ${value?.toString() ?? "absent"}`,
                from: attempt,
                attempt: (value === undefined ? rest : { ...rest, [attribute]: value }) as Attempt,
            };
        }),
    );
}
