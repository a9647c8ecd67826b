import type {
    EksClusterRecord,
    IamRole,
    IamSource,
    KmsKeyRecord,
    PinnedPolicy,
    SecretRecord,
} from "../../../sandbox/aws-twin/iam/source.ts";
import { parsePolicyDocument } from "../../../sandbox/aws-twin/iam/document.ts";
import { rolePrincipals } from "../../../sandbox/aws-twin/iam/document-principal.ts";
import { plannedAnswers } from "../../../sandbox/plan/computed.ts";
import type { ProgramRun } from "../../../sandbox/plan/program.ts";
import type { PlannedResource } from "../../../sandbox/plan/registration.ts";

/** A policy document as an object. */
export interface Policy {
    Version: "2012-10-17";
    Statement: object[];
}

/**
 * The roles, keys and secrets of planned stacks, as AWS would have them after `pulumi up`: what the evaluator decides
 * by. Strangers and decoys may be added, to attempt what nobody planned.
 */
export class PlannedSource implements IamSource {
    readonly #roles = new Map<string, IamRole>();
    readonly #keys = new Map<string, KmsKeyRecord>();
    readonly #secrets: SecretRecord[] = [];
    readonly #repositories = new Map<string, PinnedPolicy>();

    constructor(runs: readonly ProgramRun[]) {
        const stacks = runs.map((run) => new PlannedStack(run));
        for (const stack of stacks) {
            const deployer = `arn:aws:iam::${stack.accountId}:role/fleet-deployer`;
            // The organisation's, not the plan's: it may do everything in its account.
            this.addRole(deployer, allow("*", "*"));
            for (const role of stack.of("aws:iam/role:Role")) this.addRole(stack.arn(role));
        }
        for (const stack of stacks) {
            for (const role of stack.of("aws:iam/role:Role")) this.#planRole(stack, role);
            this.#planRepositories(stack);
            for (const key of stack.of("aws:kms/key:Key")) this.addKey(stack.arn(key), text(key, "policy"));
            for (const secret of stack.of("aws:secretsmanager/secret:Secret")) {
                const arn = stack.arn(secret);
                // Which secret it is of is not known at the first preview, but it is the component's.
                const policy = stack
                    .of("aws:secretsmanager/secretPolicy:SecretPolicy")
                    .find(({ parent }) => parent === secret.parent);
                this.addSecret(arn, policy && text(policy, "policy"));
            }
        }
    }

    #planRepositories(stack: PlannedStack): void {
        for (const repository of stack.of("aws:ecr/repository:Repository")) {
            const policy = stack
                .of("aws:ecr/repositoryPolicy:RepositoryPolicy")
                .find(({ name }) => name === `${repository.name}-readers`);
            if (policy === undefined) continue;
            this.#repositories.set(stack.arn(repository), this.#pin(text(policy, "policy"), "repository"));
        }
    }

    #planRole(stack: PlannedStack, planned: PlannedResource): void {
        const role = this.addRole(stack.arn(planned), undefined, text(planned, "assumeRolePolicy"));
        for (const { inputs } of stack.of("aws:iam/rolePolicy:RolePolicy")) {
            if (inputs.role !== role.name) continue;
            role.identityPolicies.push({
                name: String(inputs.name),
                kind: "inline",
                document: String(inputs.policy),
            });
        }
        for (const { inputs } of stack.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")) {
            if (inputs.role !== role.name) continue;
            const arn = String(inputs.policyArn);
            // AWS's own policies are not at hand. At worst they allow everything: even then the other side must refuse.
            const document = JSON.stringify(allow("*", "*"));
            role.identityPolicies.push({ name: arn.slice(arn.lastIndexOf("/") + 1), kind: "attached", arn, document });
        }
    }

    /** Adds a role, or replaces what it trusts and may do; it keeps its unique id. */
    addRole(arn: string, permissions?: Policy, trust = "{}"): IamRole {
        const [, path = "/", name = ""] = /:role(\/(?:.*\/)?)([^/]+)$/.exec(arn) ?? [];
        const role: IamRole = {
            arn,
            accountId: arn.split(":")[4] ?? "",
            name,
            path,
            uniqueId: this.#roles.get(arn)?.uniqueId ?? `AROA${String(this.#roles.size).padStart(17, "0")}`,
            trustPolicy: trust === "{}" ? { document: nobody, principalIds: {} } : this.#pin(trust, "trust"),
            identityPolicies: permissions
                ? [{ name: "permissions", kind: "inline", document: JSON.stringify(permissions) }]
                : [],
            maxSessionDuration: 3600,
            tags: {},
        };
        this.#roles.set(arn, role);
        return role;
    }

    addKey(arn: string, policy: string): void {
        const [, , , region = "", accountId = ""] = arn.split(":");
        const keyId = arn.split("/")[1] ?? "";
        this.#keys.set(arn, { arn, keyId, accountId, region, state: "Enabled", policy: this.#pin(policy, "resource") });
    }

    addSecret(arn: string, policy: string | undefined): void {
        const [, , , region = "", accountId = "", , name = ""] = arn.split(":");
        const created = "2026-11-21T00:00:00.000Z";
        this.#secrets.push({
            arn,
            accountId,
            region,
            name: name.slice(0, -7),
            ...(policy === undefined ? {} : { policy: this.#pin(policy, "resource") }),
            tags: {},
            createdDate: created,
            lastChangedDate: created,
            versions: [],
        });
    }

    /** AWS turns the roles that a policy names into their unique ids, and refuses one that does not exist. */
    #pin(document: string, kind: "trust" | "resource" | "repository"): PinnedPolicy {
        const { statements } = parsePolicyDocument(document, kind, "planned policy");
        const principalIds = rolePrincipals(statements).map((arn) => {
            const role = this.#roles.get(arn);
            if (role === undefined) throw new Error(`a planned policy names a role that nothing plans: ${arn}`);
            return [arn, role.uniqueId];
        });
        return { document, principalIds: Object.fromEntries(principalIds) as Record<string, string> };
    }

    repositoryPolicy(arn: string): PinnedPolicy | undefined {
        return this.#repositories.get(arn);
    }

    roles(): IamRole[] {
        return [...this.#roles.values()];
    }

    role(arn: string): IamRole | undefined {
        return this.#roles.get(arn);
    }

    secrets(accountId: string, region: string): SecretRecord[] {
        return this.#secrets.filter((each) => each.accountId === accountId && each.region === region);
    }

    kmsKey(arn: string): KmsKeyRecord | undefined {
        return this.#keys.get(arn);
    }

    cluster(): EksClusterRecord | undefined {
        return undefined;
    }

    clusterByIssuer(): EksClusterRecord | undefined {
        return undefined;
    }
}

/** A document with one statement that allows. */
export function allow(action: string | string[], resource: string | string[]): Policy {
    return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: resource }] };
}

const nobody = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Deny", Principal: "*", Action: "sts:AssumeRole" }],
});

/** One planned stack, and the ARNs its resources will have. */
export class PlannedStack {
    readonly accountId: string;
    readonly #run: ProgramRun;
    readonly #answers: ReturnType<typeof plannedAnswers>;

    constructor(run: ProgramRun) {
        this.#run = run;
        this.accountId = String(run.outputs.accountId);
        this.#answers = plannedAnswers({ accountId: this.accountId, region: String(run.outputs.region) }, {});
    }

    of(type: string): PlannedResource[] {
        return this.#run.resources.filter((resource) => resource.type === type);
    }

    arn({ type, name, inputs }: PlannedResource): string {
        return String(this.#answers.resource(type, name, inputs).arn);
    }

    /** ARN of the only resource of a type whose logical name ends like this. */
    arnOf(type: string, end: string): string {
        const found = this.of(type).filter(({ name }) => name.endsWith(end));
        if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} of ${type} end in ${end}`);
        return this.arn(found[0]);
    }
}

function text({ name, inputs }: PlannedResource, input: string): string {
    const value = inputs[input];
    if (typeof value !== "string") throw new Error(`${name}: ${input} is not known at the first preview`);
    return value;
}
