import { randomBytes, randomInt } from "node:crypto";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LOWER = "abcdefghijklmnopqrstuvwxyz0123456789";

function pick(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

/** Lower-case hexadecimal digits. */
export function hex(digits: number): string {
    return randomBytes(Math.ceil(digits / 2))
        .toString("hex")
        .slice(0, digits);
}

/** `vpc-` and 17 hexadecimal digits, the first of which is 0. */
export function ec2Identifier(prefix: string): string {
    return `${prefix}-0${hex(16)}`;
}

/** `AROA` for roles, `ANPA` for policies, and 17 characters. */
export function iamUniqueId(prefix: "AROA" | "ANPA"): string {
    return prefix + pick(BASE32, 17);
}

/** The six characters at the end of a secret's ARN. */
export function secretSuffix(): string {
    return pick(BASE62, 6);
}

/** Lower-case letters and digits, as in the ids of EKS associations. */
export function lowerId(length: number): string {
    return pick(LOWER, length);
}

/** `<prefix><time, 18 digits><counter, 8 hexadecimal digits>`: the aws provider's names for a `namePrefix`. */
export function prefixedName(prefix: string, now: Date): string {
    counter = (counter + 1) % 0x1_0000_0000;
    const time = now.toISOString().replaceAll(/[-:TZ.]/g, "");
    return `${prefix}${time.padEnd(18, "0")}${counter.toString(16).padStart(8, "0")}`;
}

let counter = 0;

/** RFC 3339 without fractions, as the aws provider shows times. */
export function timestamp(time: Date): string {
    return time.toISOString().replace(/\.\d+Z$/, "Z");
}
