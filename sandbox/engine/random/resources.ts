import { randomBytes } from "node:crypto";

import { UNKNOWN } from "../kit/types.ts";
import type { CheckFailure, Props, Value } from "../kit/types.ts";
import { bcrypt } from "./bcrypt.ts";
import { randomText, textProblem, textSpec } from "./random-text.ts";

/** Cost of the official provider's `bcryptHash` (Go's bcrypt.DefaultCost). */
const BCRYPT_COST = 10;

type InputKind = "number" | "boolean" | "string" | "string map";

/** One resource type of package random: properties, defaults and outputs as in the .d.ts of @pulumi/random. */
export interface RandomType {
    inputs: Readonly<Record<string, InputKind>>;
    required: string;
    /** Inputs with their defaults, as they appear among the outputs. */
    effective(inputs: Props): Props;
    /** A problem of known inputs taken together. */
    problem(inputs: Props): CheckFailure | undefined;
    /** Names of the outputs that only `generate` knows. */
    computed: readonly string[];
    generate(inputs: Props): { id: string; outputs: Props };
}

const TEXT_INPUTS = {
    keepers: "string map",
    length: "number",
    lower: "boolean",
    minLower: "number",
    minNumeric: "number",
    minSpecial: "number",
    minUpper: "number",
    number: "boolean",
    numeric: "boolean",
    overrideSpecial: "string",
    special: "boolean",
    upper: "boolean",
} as const;

const text = {
    inputs: TEXT_INPUTS,
    required: "length",
    effective: (inputs: Props): Props => {
        const { overrideSpecial, ...spec } = textSpec(inputs);
        return {
            ...spec,
            number: spec.numeric,
            ...(overrideSpecial === undefined ? {} : { overrideSpecial }),
            ...unknowns(inputs),
            ...keepers(inputs["keepers"]),
        };
    },
    problem: (inputs: Props): CheckFailure | undefined => {
        if (
            inputs["number"] !== undefined &&
            inputs["numeric"] !== undefined &&
            inputs["number"] !== inputs["numeric"]
        ) {
            return { property: "number", reason: "number is the deprecated name of numeric: give numeric only" };
        }
        const reason = textProblem(textSpec(inputs));
        return reason === undefined ? undefined : { property: "length", reason };
    },
};

/** The types this stand-in knows, by their Pulumi type token. */
export const RANDOM_TYPES: Readonly<Record<string, RandomType>> = {
    "random:index/randomPassword:RandomPassword": {
        ...text,
        computed: ["result", "bcryptHash"],
        generate: (inputs) => {
            const result = randomText(textSpec(inputs));
            // The official provider's id too: the value must not show up as one.
            return { id: "none", outputs: { result, bcryptHash: bcrypt(result, BCRYPT_COST) } };
        },
    },
    "random:index/randomString:RandomString": {
        ...text,
        computed: ["result"],
        generate: (inputs) => {
            const result = randomText(textSpec(inputs));
            return { id: result, outputs: { result } };
        },
    },
    "random:index/randomId:RandomId": {
        inputs: { byteLength: "number", keepers: "string map", prefix: "string" },
        required: "byteLength",
        effective: ({ keepers: given, ...rest }) => ({ ...rest, ...keepers(given) }),
        problem: (inputs) =>
            Number(inputs["byteLength"]) >= 1
                ? undefined
                : { property: "byteLength", reason: "byteLength must be at least 1" },
        computed: ["b64Std", "b64Url", "dec", "hex"],
        generate: (inputs) => {
            const bytes = randomBytes(Number(inputs["byteLength"]));
            const prefix = typeof inputs["prefix"] === "string" ? inputs["prefix"] : "";
            const hex = bytes.toString("hex");
            return {
                id: bytes.toString("base64url"),
                outputs: {
                    b64Std: prefix + bytes.toString("base64"),
                    b64Url: prefix + bytes.toString("base64url"),
                    dec: prefix + BigInt(`0x${hex}`).toString(10),
                    hex: prefix + hex,
                },
            };
        },
    },
};

/** True if `value` is unknown or of the kind the property takes. */
export function isKind(value: Value, kind: InputKind): boolean {
    if (value === UNKNOWN) {
        return true;
    }
    switch (kind) {
        case "number":
            return Number.isSafeInteger(value) && Number(value) >= 0;
        case "string map":
            return (
                typeof value === "object" &&
                value !== null &&
                !Array.isArray(value) &&
                Object.values(value).every((item) => typeof item === "string" || item === UNKNOWN)
            );
        default:
            return typeof value === kind;
    }
}

/** No keepers and empty keepers are the same. */
function keepers(given: Value | undefined): Props {
    const empty =
        given === undefined || (typeof given === "object" && given !== null && Object.keys(given).length === 0);
    return empty ? {} : { keepers: given };
}

function unknowns(inputs: Props): Props {
    return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value === UNKNOWN));
}
