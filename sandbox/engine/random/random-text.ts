import { randomInt } from "node:crypto";

import type { Props, Value } from "../kit/types.ts";

/** Inputs of RandomPassword and RandomString with every default filled in; `keepers` is not part of it. */
export interface TextSpec {
    length: number;
    lower: boolean;
    upper: boolean;
    numeric: boolean;
    special: boolean;
    minLower: number;
    minUpper: number;
    minNumeric: number;
    minSpecial: number;
    overrideSpecial: string | undefined;
}

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
/** The default of `special` that the SDK documents. */
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** Fills in the SDK's documented defaults. `number` is the deprecated name of `numeric`. */
export function textSpec(inputs: Props): TextSpec {
    return {
        length: asNumber(inputs["length"]),
        lower: inputs["lower"] !== false,
        upper: inputs["upper"] !== false,
        numeric: (inputs["numeric"] ?? inputs["number"]) !== false,
        special: inputs["special"] !== false,
        minLower: asNumber(inputs["minLower"]),
        minUpper: asNumber(inputs["minUpper"]),
        minNumeric: asNumber(inputs["minNumeric"]),
        minSpecial: asNumber(inputs["minSpecial"]),
        overrideSpecial: typeof inputs["overrideSpecial"] === "string" ? inputs["overrideSpecial"] : undefined,
    };
}

/** What is wrong with a spec as a whole, or undefined. */
export function textProblem(spec: TextSpec): string | undefined {
    const minimum = spec.minLower + spec.minUpper + spec.minNumeric + spec.minSpecial;
    if (spec.length < Math.max(1, minimum)) {
        return `length is ${spec.length}; it must be at least 1 and at least minLower + minUpper + minNumeric + minSpecial, here ${minimum}`;
    }
    if (alphabet(spec) === "") {
        return "lower, upper, numeric and special are all off: set at least one of them to true";
    }
    return undefined;
}

/** A text as the spec asks for, from the cryptographic generator. */
export function randomText(spec: TextSpec): string {
    const characters = [
        ...pick(LOWER, spec.minLower),
        ...pick(LOWER.toUpperCase(), spec.minUpper),
        ...pick(DIGITS, spec.minNumeric),
        ...pick(specials(spec), spec.minSpecial),
    ];
    characters.push(...pick(alphabet(spec), spec.length - characters.length));
    for (let last = characters.length - 1; last > 0; last--) {
        const other = randomInt(last + 1);
        [characters[last], characters[other]] = [characters[other]!, characters[last]!];
    }
    return characters.join("");
}

function alphabet(spec: TextSpec): string {
    return [
        spec.lower ? LOWER : "",
        spec.upper ? LOWER.toUpperCase() : "",
        spec.numeric ? DIGITS : "",
        spec.special ? specials(spec) : "",
    ].join("");
}

function specials(spec: TextSpec): string {
    return spec.overrideSpecial === undefined || spec.overrideSpecial === "" ? SPECIAL : spec.overrideSpecial;
}

function pick(from: string, count: number): string[] {
    return Array.from({ length: count }, () => from[randomInt(from.length)]!);
}

function asNumber(value: Value | undefined): number {
    return typeof value === "number" ? value : 0;
}
