import { UNKNOWN, type Props, type Value } from "../engine/kit/types.ts";
import type { EksClusterRecord, IamRole, IamSource, KmsKeyRecord, PinnedPolicy, SecretRecord } from "../aws-twin/iam/source.ts";
import { ec2Types } from "./ec2.ts";
import { CLUSTER, type Clusters, eksTypes, ENTRY, POD, POLICY } from "./eks.ts";
import { ATTACHMENT, iamTypes, pinnedOf, ROLE, ROLE_POLICY } from "./iam.ts";
import { list, object, text } from "./lookups.ts";
import { AwsError, type Caller, type Context, type ResourceType, type Stored } from "./resource-type.ts";
import { KEY, SECRET, SECRET_POLICY, secretTypes, VERSION } from "./secrets.ts";
import { Store } from "./store.ts";

export const OPERATOR_ROLE_ARN = "arn:aws:iam::999999999999:role/fleet-operator";
const ACCOUNTS = ["111111111111", "222222222222", "333333333333", "444444444444", "555555555555"];

export class Twin implements IamSource {
    readonly store: Store;
    readonly #types: Map<string, ResourceType>;
    readonly #clock: () => Date;
    #skew = 0;

    constructor(opts: { stateFile: string; clusters: Clusters; clock: () => Date }) {
        this.store = new Store(opts.stateFile);
        this.#clock = opts.clock;
        this.#types = new Map([...ec2Types, ...iamTypes, ...secretTypes, ...eksTypes(opts.clusters)].map((t) => [t.type, t]));
        const arns = [OPERATOR_ROLE_ARN, ...ACCOUNTS.map((a) => `arn:aws:iam::${a}:role/fleet-deployer`)];
        for (const arn of arns) {
            const account = arn.split(":")[4] ?? "";
            const id = arn.split("/").at(-1) ?? "";
            if (this.store.get(ROLE, account, id) !== undefined) continue;
            const trust = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: OPERATOR_ROLE_ARN }, Action: ["sts:AssumeRole", "sts:TagSession"] }] };
            this.store.put({ id, type: ROLE, account, region: "seed", inputs: { name: id, path: "/" }, outputs: { arn, uniqueId: `AROASEED${account}${id.length}`, name: id, path: "/", maxSessionDuration: 3600, pinned: { document: JSON.stringify(trust), principalIds: { [OPERATOR_ROLE_ARN]: "AROASEED99999999999914" } } } });
        }
    }

    async handle(config: Props, method: string, r: any, signal: AbortSignal): Promise<unknown> {
        const caller = callerOf(config);
        if (method === "invoke") throw new Error(`the sandbox's AWS does not know the function ${String(r.token)}`);
        const type = this.#types.get(r.type);
        if (type === undefined) throw new Error(`the sandbox's AWS does not know the resource type ${String(r.type)}`);
        const context: Context = { store: this.store, caller, clock: this.now, signal, log: () => {} };
        switch (method) {
            case "check": return check(type, r.newInputs);
            case "diff": return diff(type, r);
            case "create": {
                if (r.preview) return { id: "", outputs: { ...r.inputs, ...Object.fromEntries(["id", "tagsAll", ...type.computed].map((k) => [k, UNKNOWN])) } };
                const made = await type.create(context, r.inputs);
                this.store.put({ ...made, type: type.type, account: caller.account, region: caller.region, inputs: r.inputs });
                return { id: made.id, outputs: shown(made.outputs) };
            }
            case "update": {
                if (r.preview) return { outputs: { ...r.oldOutputs, ...r.inputs } };
                const stored = this.#stored(type, caller, r.id);
                const outputs = (await type.update?.(context, stored, r.inputs)) ?? { ...stored.outputs, ...r.inputs };
                this.store.put({ ...stored, inputs: r.inputs, outputs });
                return { outputs: shown(outputs) };
            }
            case "read": {
                const stored = this.store.get(type.type, caller.account, r.id);
                return stored === undefined || stored.goneAt !== undefined ? null : { id: r.id, inputs: stored.inputs, outputs: shown(stored.outputs) };
            }
            case "delete": {
                const stored = this.store.get(type.type, caller.account, r.id);
                if (stored === undefined || stored.goneAt !== undefined) return {};
                await type.remove?.(context, stored);
                if (this.store.get(type.type, caller.account, r.id)?.goneAt === undefined) this.store.delete(stored);
                return {};
            }
            default: throw new Error(`unknown method ${method}`);
        }
    }

    now = (): Date => new Date(this.#clock().getTime() + this.#skew);
    hash(): string { return this.store.hash(); }
    inventory() {
        return this.store.everything().filter((s) => s.region !== "seed").map((s) => ({ account: s.account, type: s.type, id: s.id, status: s.goneAt === undefined ? "" : `gone at ${s.goneAt}` }));
    }
    advance(days: number): string[] {
        this.#skew += days * 86_400_000 + 1000;
        const gone = this.store.everything().filter((s) => s.goneAt !== undefined && s.goneAt <= this.now().toISOString());
        for (const s of gone) this.store.delete(s);
        return gone.map((s) => `${s.type} ${s.id}`);
    }

    #stored(type: ResourceType, caller: Caller, id: string): Stored {
        const stored = this.store.get(type.type, caller.account, id);
        if (stored === undefined || stored.goneAt !== undefined) throw new AwsError("ResourceNotFoundException", `${type.type} ${id} does not exist`);
        return stored;
    }

    role(arn: string): IamRole | undefined {
        const s = this.store.by(ROLE, "arn", arn);
        if (s === undefined) return undefined;
        const inline = this.store.all(ROLE_POLICY, s.account).filter((p) => p.inputs["role"] === s.id).map((p) => ({ name: text(p.outputs, "name"), kind: "inline" as const, document: text(p.inputs, "policy") }));
        const attached = this.store.all(ATTACHMENT, s.account).filter((p) => p.inputs["role"] === s.id).map((p) => ({ name: text(p.inputs, "policyArn").split("/").at(-1) ?? "", kind: "attached" as const, arn: text(p.inputs, "policyArn") }));
        const assume = (resource: string) => JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["sts:AssumeRole", "sts:TagSession"], Resource: resource }] });
        const seeded = arn === OPERATOR_ROLE_ARN ? [{ name: "deploy", kind: "inline" as const, document: assume("arn:aws:iam::*:role/fleet-deployer") }] : [];
        return { arn, accountId: s.account, name: s.id, path: text(s.outputs, "path"), uniqueId: text(s.outputs, "uniqueId"), trustPolicy: pinnedOf(s.outputs), identityPolicies: [...seeded, ...inline, ...attached], maxSessionDuration: Number(s.outputs["maxSessionDuration"] ?? 3600), tags: object(s.outputs["tagsAll"]) as Record<string, string> };
    }
    secrets(accountId: string, region: string): SecretRecord[] {
        return this.store.all(SECRET, accountId).filter((s) => s.region === region).map((s) => {
            const policy = this.store.all(SECRET_POLICY, accountId).find((p) => p.inputs["secretArn"] === s.outputs["arn"]);
            const versions = this.store.all(VERSION, accountId).filter((v) => v.outputs["arn"] === s.outputs["arn"]);
            return { arn: text(s.outputs, "arn"), accountId, region, name: text(s.inputs, "name"), kmsKeyArn: text(s.inputs, "kmsKeyId"), ...(policy ? { policy: pinnedOf(policy.outputs) } : {}), tags: {}, createdDate: text(s.outputs, "createdDate"), lastChangedDate: text(s.outputs, "createdDate"), ...(s.goneAt ? { deletedDate: s.goneAt } : {}), versions: versions.map((v) => ({ versionId: text(v.outputs, "versionId"), stages: list(v.outputs["versionStages"]), secretString: text(v.inputs, "secretString"), createdDate: text(v.outputs, "createdDate") })) };
        });
    }
    kmsKey(arn: string): KmsKeyRecord | undefined {
        const s = this.store.by(KEY, "arn", arn);
        return s && { arn, keyId: s.id, accountId: s.account, region: s.region, state: s.goneAt ? "PendingDeletion" : "Enabled", policy: pinnedOf(s.outputs) as PinnedPolicy };
    }
    cluster(accountId: string, region: string, name: string): EksClusterRecord | undefined {
        const s = this.store.get(CLUSTER, accountId, name);
        if (s === undefined || s.region !== region) return undefined;
        const of = (t: string) => this.store.all(t, accountId).filter((x) => x.inputs["clusterName"] === name);
        return {
            key: `${accountId}.${name}`, arn: text(s.outputs, "arn"), accountId, region, name, issuer: text(s.outputs, "issuer"),
            accessEntries: of(ENTRY).map((e) => ({ arn: text(e.outputs, "arn"), principalArn: text(e.inputs, "principalArn"), principalId: text(e.outputs, "principalId"), type: "STANDARD" as const, kubernetesGroups: list(e.inputs["kubernetesGroups"]), policies: of(POLICY).filter((p) => p.inputs["principalArn"] === e.inputs["principalArn"]).map((p) => ({ policyArn: text(p.inputs, "policyArn"), scope: object(p.inputs["accessScope"]) as never })) })),
            podIdentityAssociations: of(POD).map((p) => ({ arn: text(p.outputs, "arn"), id: p.id, namespace: text(p.inputs, "namespace"), serviceAccount: text(p.inputs, "serviceAccount"), roleArn: text(p.inputs, "roleArn") })),
        };
    }
    clusterByIssuer(issuer: string): EksClusterRecord | undefined {
        const s = this.store.by(CLUSTER, "issuer", issuer);
        return s && this.cluster(s.account, s.region, s.id);
    }
}

function shown(outputs: Props): Props {
    const { pinned: _pinned, ...rest } = outputs;
    return rest;
}

function callerOf(config: Props): Caller {
    const roles = config["assumeRoles"] as { roleArn?: string }[] | undefined;
    const account = roles?.at(-1)?.roleArn?.split(":")[4] ?? "999999999999";
    const allowed = config["allowedAccountIds"] as string[] | undefined;
    if (allowed !== undefined && !allowed.includes(account)) throw new Error(`AWS account ID not allowed: ${account}`);
    return { account, region: String(config["region"]), defaultTags: object(object(config["defaultTags"])["tags"]) as Record<string, string> };
}

function check(type: ResourceType, given: Props) {
    const failures: { property: string; reason: string }[] = [];
    const inputs: Props = {};
    for (const [name, value] of Object.entries(given)) {
        const input = type.inputs[name];
        if (name.startsWith("__")) continue;
        if (input === undefined) { failures.push({ property: name, reason: `the sandbox's AWS does not know the property ${name} of ${type.type}` }); continue; }
        inputs[name] = value;
        if (value === UNKNOWN || value === null) continue;
        const shape = Array.isArray(value) ? "list" : typeof value;
        if (shape !== input.shape) failures.push({ property: name, reason: `must be a ${input.shape} (got a ${shape})` });
        const wrong = input.check?.(value as Value);
        if (wrong !== undefined) failures.push({ property: name, reason: wrong });
    }
    for (const [name, input] of Object.entries(type.inputs)) {
        if (inputs[name] !== undefined) continue;
        if (input.required === true) failures.push({ property: name, reason: "is required" });
        else if (input.default !== undefined) inputs[name] = input.default;
    }
    return { inputs, failures };
}

function diff(type: ResourceType, r: { oldInputs: Props; newInputs: Props; ignoreChanges?: string[] }) {
    const names = new Set([...Object.keys(r.oldInputs), ...Object.keys(r.newInputs)]);
    const changed = [...names].filter((n) => !n.startsWith("__") && !(r.ignoreChanges ?? []).includes(n) && !same(r.oldInputs[n], r.newInputs[n]));
    const replace = changed.filter((n) => type.inputs[n]?.replace === true);
    return { changed, replace, deleteBeforeReplace: type.named === true, stable: type.stable };
}

function same(a: unknown, b: unknown): boolean {
    if (a === UNKNOWN || b === UNKNOWN) return false;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
    const [ka, kb] = [Object.keys(a), Object.keys(b)];
    return ka.length === kb.length && ka.every((k) => same((a as never)[k], (b as never)[k]));
}
