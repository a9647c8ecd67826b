import { formatCidr, networkOf, parseCidr } from "../../../contract/cidr.ts";
import type { TextCheck } from "./field.ts";

/** One of a few words. */
export function oneOf(...words: string[]): TextCheck {
    return (text) => (words.includes(text) ? undefined : `must be one of ${words.join(", ")}, got "${text}"`);
}

/** @param what What the pattern means, such as `1 to 64 letters`. */
export function matching(pattern: RegExp, what: string): TextCheck {
    return (text) => (pattern.test(text) ? undefined : `must be ${what}, got "${text}"`);
}

/** An EC2 id such as `vpc-0123456789abcdef0`. */
export function ec2Id(prefix: string): TextCheck {
    return matching(new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`), `an id such as ${prefix}-0123456789abcdef0`);
}

/** @param resource Pattern of what follows the account. */
export function arn(service: string, resource: RegExp, example: string): TextCheck {
    const pattern = new RegExp(`^arn:aws:${service}:[a-z0-9-]*:(\\d{12}|aws)?:${resource.source}$`);
    return matching(pattern, `an ARN such as ${example}`);
}

export const roleArn = arn("iam", /role\/[\w+=,.@/-]+/, "arn:aws:iam::111111111111:role/fleet/name");
export const policyArn = arn("iam", /policy\/[\w+=,.@/-]+/, "arn:aws:iam::aws:policy/ReadOnlyAccess");
export const keyArn = arn("kms", /(key|alias)\/.+/, "arn:aws:kms:eu-west-1:111111111111:key/<uuid>");

/** An IPv4 network without host bits, as the aws provider wants it. */
export function ipv4Network(minPrefix = 0, maxPrefix = 32): TextCheck {
    return (text) => {
        const cidr = parseCidr(text);
        if (cidr === undefined) return `must be an IPv4 CIDR such as 10.0.0.0/16, got "${text}"`;
        const network = formatCidr(networkOf(cidr));
        if (network !== text) return `"${text}" is not a valid IPv4 CIDR block; did you mean "${network}"?`;
        if (cidr.prefix < minPrefix || cidr.prefix > maxPrefix) {
            return `must be a block between /${minPrefix} and /${maxPrefix}, got "${text}"`;
        }
        return undefined;
    };
}

export const json: TextCheck = (text) => {
    try {
        JSON.parse(text);
        return undefined;
    } catch {
        return "is not valid JSON";
    }
};

/** EKS cluster names. https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html */
export const clusterName = matching(
    /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/,
    "1 to 100 letters, digits, - and _, beginning with a letter or digit",
);

/** A name in DNS label form, as Kubernetes namespaces have. */
export const dnsLabel = matching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "a DNS label of at most 63 characters");

export const iamName = (max: number): TextCheck =>
    matching(new RegExp(`^[\\w+=,.@-]{1,${max}}$`), `1 to ${max} letters, digits and _+=,.@-`);

export const iamPath = matching(/^\/([!-~]{1,510}\/)?$/, "a path that begins and ends with /");
