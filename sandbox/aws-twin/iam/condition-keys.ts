/**
 * The condition keys that the evaluator knows. A policy that uses another one is refused: a key that is silently
 * never present would turn an Allow into a denial, and a Deny into nothing.
 */
interface ConditionKey {
    /** Lower case; a name that ends in `/` or `:` is a family with any suffix. */
    name: string;
    /** Whether a request may carry several values; such a key needs ForAllValues or ForAnyValue. */
    several?: true;
}

const KEYS: readonly ConditionKey[] = [
    { name: "aws:calledvia", several: true },
    { name: "aws:currenttime" },
    { name: "aws:epochtime" },
    { name: "aws:principalaccount" },
    { name: "aws:principalarn" },
    { name: "aws:principalisawsservice" },
    { name: "aws:principalservicename" },
    { name: "aws:principaltag/" },
    { name: "aws:principaltype" },
    { name: "aws:requestedregion" },
    { name: "aws:requesttag/" },
    { name: "aws:resourceaccount" },
    { name: "aws:resourcetag/" },
    { name: "aws:securetransport" },
    { name: "aws:sourceaccount" },
    { name: "aws:sourcearn" },
    // The twin cannot see from which address a request would reach AWS: present in no request.
    { name: "aws:sourceip" },
    { name: "aws:tagkeys", several: true },
    { name: "aws:tokenissuetime" },
    { name: "aws:userid" },
    { name: "aws:viaawsservice" },
    { name: "ec2:createaction" },
    { name: "elasticloadbalancing:createaction" },
    { name: "iam:awsservicename" },
    { name: "iam:passedtoservice" },
    { name: "kms:calleraccount" },
    { name: "kms:encryptioncontext:" },
    { name: "kms:encryptioncontextkeys", several: true },
    { name: "kms:grantisforawsresource" },
    { name: "kms:viaservice" },
    { name: "route53:changeresourcerecordsetsnormalizedrecordnames", several: true },
    { name: "route53:changeresourcerecordsetsrecordtypes", several: true },
    { name: "secretsmanager:resourcetag/" },
    { name: "secretsmanager:secretid" },
    { name: "secretsmanager:versionid" },
    { name: "secretsmanager:versionstage" },
    { name: "sts:externalid" },
    { name: "sts:rolesessionname" },
    { name: "sts:transitivetagkeys", several: true },
];

/** The entry for a key as a policy writes it (keys compare without case); undefined if it is not supported. */
export function findConditionKey(key: string): ConditionKey | undefined {
    const name = key.toLowerCase();
    return KEYS.find((known) =>
        /[/:]$/.test(known.name) ? name.startsWith(known.name) && name.length > known.name.length : name === known.name,
    );
}

/** What to print after "supported:". */
export function conditionKeyNames(): string {
    return KEYS.map(({ name }) => (/[/:]$/.test(name) ? `${name}*` : name)).join(", ");
}

/** The values a request carries, by condition key. Keys compare without case. */
export class RequestContext {
    readonly #values = new Map<string, readonly string[]>();

    /** An undefined or empty value means that the key is absent. */
    constructor(values: Readonly<Record<string, string | readonly string[] | undefined>>) {
        for (const [key, value] of Object.entries(values)) {
            const list = typeof value === "string" ? [value] : (value ?? []);
            if (list.length > 0) this.#values.set(key.toLowerCase(), list);
        }
    }

    get(key: string): readonly string[] | undefined {
        return this.#values.get(key.toLowerCase());
    }

    /** For logs and for other evaluators: every key in lower case. */
    entries(): [string, readonly string[]][] {
        return [...this.#values];
    }
}
