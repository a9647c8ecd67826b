import { stringList } from "./document-elements.ts";

/** One principal of a Principal element. */
export type PolicyPrincipal =
    | { type: "everyone" }
    | { type: "account"; accountId: string }
    /** Pinned to the role's unique id when the policy is written. */
    | { type: "role"; arn: string }
    | { type: "session"; arn: string }
    | { type: "service"; service: string }
    | { type: "federated"; provider: string };

/**
 * Parses a Principal element.
 * @throws Error that names what is not supported: users, wildcards inside an ARN, canonical users.
 */
export function parsePrincipal(value: unknown): PolicyPrincipal[] {
    if (value === undefined) throw new Error("needs a Principal");
    if (value === "*") return [{ type: "everyone" }];
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new Error(`Principal must be "*" or an object, got ${JSON.stringify(value)}`);
    }
    const principals = Object.entries(value).flatMap(([kind, values]) => {
        const list = stringList(values, `Principal ${kind}`);
        if (kind === "AWS") return list.map((principal) => parseAwsPrincipal(principal));
        if (kind === "Service") return list.map((service) => parseService(service));
        if (kind === "Federated") return list.map((provider): PolicyPrincipal => ({ type: "federated", provider }));
        throw new Error(`Principal "${kind}" is not supported (supported: AWS, Service, Federated)`);
    });
    if (principals.length === 0) throw new Error("Principal is empty");
    return principals;
}

function parseService(service: string): PolicyPrincipal {
    if (!/^[a-z0-9.-]+\.amazonaws\.com$/.test(service)) {
        throw new Error(`Principal Service "${service}" is not a service principal such as "pods.eks.amazonaws.com"`);
    }
    return { type: "service", service };
}

function parseAwsPrincipal(principal: string): PolicyPrincipal {
    if (principal === "*") return { type: "everyone" };
    const [, account] = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/.exec(principal) ?? [];
    if (account !== undefined) return { type: "account", accountId: account };
    if (/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(principal)) return { type: "role", arn: principal };
    if (/^arn:aws:sts::\d{12}:assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+$/.test(principal)) {
        return { type: "session", arn: principal };
    }
    throw new Error(
        `Principal AWS "${principal}" is not supported (supported: "*", an account id, its :root ARN, a role ARN, ` +
            "an assumed-role ARN; AWS takes no wildcard inside a principal ARN)",
    );
}

/** Role ARNs in the Principal elements of a policy: those AWS resolves to unique ids when the policy is written. */
export function rolePrincipals(statements: readonly { principal?: readonly PolicyPrincipal[] }[]): string[] {
    const arns = statements.flatMap(({ principal = [] }) =>
        principal.flatMap((p) => (p.type === "role" ? [p.arn] : [])),
    );
    return [...new Set(arns)];
}
