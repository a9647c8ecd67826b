import { BlockList, isIPv4, isIPv6 } from "node:net";
import { patternText } from "./template.ts";
import { matchesArn, matchesPattern, type PatternPart } from "./wildcard.ts";

/** A condition operator, as in `ForAllValues:StringLikeIfExists`. */
export interface Operator {
    /** As the policy wrote it. */
    name: string;
    base: BaseOperator;
    set?: "ForAllValues" | "ForAnyValue";
    ifExists: boolean;
}

interface BaseOperator {
    /** A negated operator also holds when the key is absent. */
    negated: boolean;
    isNull: boolean;
    /** Whether policy variables may stand in its values. */
    variables: boolean;
    /** Whether a value of the policy is well formed; called when the policy is parsed. */
    accepts(value: string): boolean;
    /** Compares a value of the request with one of the policy, before negation. */
    matches(got: string, wanted: readonly PatternPart[]): boolean;
}

type Compare = BaseOperator["matches"];

const anything = (): boolean => true;
const isBoolean = (value: string): boolean => /^(true|false)$/i.test(value);
const isNumber = (value: string): boolean => /^-?\d+(\.\d+)?$/.test(value);
const isDate = (value: string): boolean => !Number.isNaN(toTime(value));
const isArnPattern = (value: string): boolean => value === "*" || value.split(":").length >= 6;

/** ISO 8601 or seconds since 1970, as AWS accepts both; milliseconds, NaN if neither. */
function toTime(value: string): number {
    return /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value);
}

function isCidr(value: string): boolean {
    const [address = "", prefix, ...more] = value.split("/");
    const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
    return bits > 0 && more.length === 0 && (prefix === undefined || (/^\d+$/.test(prefix) && Number(prefix) <= bits));
}

function inCidr(got: string, wanted: string): boolean {
    const [address = "", prefix] = wanted.split("/");
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    const block = new BlockList();
    block.addSubnet(address, Number(prefix ?? (family === "ipv4" ? 32 : 128)), family);
    return (isIPv4(got) || isIPv6(got)) && block.check(got, isIPv4(got) ? "ipv4" : "ipv6");
}

const equals: Compare = (got, wanted) => got === patternText(wanted);
const equalsIgnoreCase: Compare = (got, wanted) => got.toLowerCase() === patternText(wanted).toLowerCase();
const arn: Compare = (got, wanted) => patternText(wanted) === "*" || matchesArn(wanted, got);
const numeric =
    (holds: (got: number, wanted: number) => boolean): Compare =>
    (got, wanted) =>
        isNumber(got) && holds(Number(got), Number(patternText(wanted)));
const date =
    (holds: (got: number, wanted: number) => boolean): Compare =>
    (got, wanted) =>
        isDate(got) && holds(toTime(got), toTime(patternText(wanted)));

function text(matches: Compare, negated = false): BaseOperator {
    return { negated, isNull: false, variables: true, accepts: anything, matches };
}

function typed(accepts: (value: string) => boolean, matches: Compare, negated = false): BaseOperator {
    return { negated, isNull: false, variables: false, accepts, matches };
}

function arnOperator(negated: boolean): BaseOperator {
    return { negated, isNull: false, variables: true, accepts: isArnPattern, matches: arn };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const BASES: Readonly<Record<string, BaseOperator>> = {
    StringEquals: text(equals),
    StringNotEquals: text(equals, true),
    StringEqualsIgnoreCase: text(equalsIgnoreCase),
    StringNotEqualsIgnoreCase: text(equalsIgnoreCase, true),
    StringLike: text((got, wanted) => matchesPattern(wanted, got)),
    StringNotLike: text((got, wanted) => matchesPattern(wanted, got), true),
    // AWS treats ArnEquals as ArnLike.
    ArnEquals: arnOperator(false),
    ArnLike: arnOperator(false),
    ArnNotEquals: arnOperator(true),
    ArnNotLike: arnOperator(true),
    Bool: typed(isBoolean, equalsIgnoreCase),
    NumericEquals: typed(
        isNumber,
        numeric((got, wanted) => got === wanted),
    ),
    NumericNotEquals: typed(
        isNumber,
        numeric((got, wanted) => got === wanted),
        true,
    ),
    NumericLessThan: typed(
        isNumber,
        numeric((got, wanted) => got < wanted),
    ),
    NumericLessThanEquals: typed(
        isNumber,
        numeric((got, wanted) => got <= wanted),
    ),
    NumericGreaterThan: typed(
        isNumber,
        numeric((got, wanted) => got > wanted),
    ),
    NumericGreaterThanEquals: typed(
        isNumber,
        numeric((got, wanted) => got >= wanted),
    ),
    DateEquals: typed(
        isDate,
        date((got, wanted) => got === wanted),
    ),
    DateNotEquals: typed(
        isDate,
        date((got, wanted) => got === wanted),
        true,
    ),
    DateLessThan: typed(
        isDate,
        date((got, wanted) => got < wanted),
    ),
    DateLessThanEquals: typed(
        isDate,
        date((got, wanted) => got <= wanted),
    ),
    DateGreaterThan: typed(
        isDate,
        date((got, wanted) => got > wanted),
    ),
    DateGreaterThanEquals: typed(
        isDate,
        date((got, wanted) => got >= wanted),
    ),
    IpAddress: typed(isCidr, (got, wanted) => inCidr(got, patternText(wanted))),
    NotIpAddress: typed(isCidr, (got, wanted) => inCidr(got, patternText(wanted)), true),
    Null: { ...typed(isBoolean, equals), isNull: true },
};

/**
 * Parses an operator's name (with case, as AWS documents them).
 * @throws Error that names an unknown operator, and Null with a prefix or suffix.
 */
export function parseOperator(name: string): Operator {
    const [, set, middle = "", ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/.exec(name) ?? [];
    const base = Object.hasOwn(BASES, middle) ? BASES[middle] : undefined;
    if (base === undefined) {
        throw new Error(`condition operator "${name}" is not supported (supported: ${Object.keys(BASES).join(", ")})`);
    }
    if (base.isNull && name !== "Null") throw new Error(`condition operator "${name}": Null stands alone`);
    return {
        name,
        base,
        ifExists: ifExists !== undefined,
        ...(set === "ForAllValues" || set === "ForAnyValue" ? { set } : {}),
    };
}

/**
 * Whether a condition holds.
 * @param got Values of the request; undefined if the key is absent.
 * @param wanted The policy's values, variables filled in.
 */
export function conditionHolds(
    operator: Operator,
    got: readonly string[] | undefined,
    wanted: readonly (readonly PatternPart[])[],
): boolean {
    const { base, set, ifExists } = operator;
    if (base.isNull) return wanted.some((value) => equalsIgnoreCase(String(got === undefined), value));
    if (got === undefined) return ifExists || (set === undefined ? base.negated : set === "ForAllValues");
    const holds = (value: string): boolean => wanted.some((each) => base.matches(value, each)) !== base.negated;
    return set === "ForAllValues" ? got.every(holds) : got.some(holds);
}
