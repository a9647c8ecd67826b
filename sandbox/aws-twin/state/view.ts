import type { Props } from "../../engine/kit/types.ts";
import type {
    AccessEntryRecord,
    AccessPolicyAssociationRecord,
    EksClusterRecord,
    IamRole,
    IamSource,
    IdentityPolicy,
    KmsKeyRecord,
    PodIdentityAssociationRecord,
    SecretRecord,
    SecretVersionRecord,
} from "../iam/source.ts";
import { pinnedFrom } from "../policy-documents.ts";
import { optionalText, propsOf, textOf, textsOf } from "../schema/resource-type.ts";
import { T } from "../tokens.ts";
import { copyArn, type SecretCopy, secretCopies } from "./secret-copies.ts";
import type { Item, Store } from "./store.ts";

/** The state as IAM, the endpoints and the policies' checks read it. */
export class StateView implements IamSource {
    readonly #store: Store;

    constructor(store: Store) {
        this.#store = store;
    }

    role(arn: string): IamRole | undefined {
        const accountId = arn.split(":")[4] ?? "";
        const item = this.#store.all(T.role, { accountId }).find(({ outputs }) => outputs["arn"] === arn);
        const trustPolicy = item && pinnedFrom(item.hidden, "trust");
        if (item === undefined || trustPolicy === undefined) return undefined;
        const boundary = optionalText(item.outputs, "permissionsBoundary");
        return {
            arn,
            accountId,
            name: item.id,
            path: textOf(item.outputs, "path"),
            uniqueId: textOf(item.outputs, "uniqueId"),
            trustPolicy,
            identityPolicies: [...this.#inlinePolicies(item), ...this.#attachedPolicies(item)],
            ...(boundary === undefined
                ? {}
                : { permissionsBoundary: { arn: boundary, document: this.#managedDocument(boundary) ?? "" } }),
            maxSessionDuration: Number(item.outputs["maxSessionDuration"]),
            tags: propsOf(item.outputs["tagsAll"]) as Record<string, string>,
        };
    }

    secrets(accountId: string, region: string): SecretRecord[] {
        const everywhere = this.#store.all(T.secret, { accountId });
        const own = everywhere.filter((item) => item.region === region).map((item) => secretRecord(item));
        const copies = everywhere.flatMap((item) =>
            secretCopies(item.hidden)
                .filter((copy) => copy.region === region)
                .map((copy) => copyRecord(secretRecord(item), copy)),
        );
        return [...own, ...copies];
    }

    kmsKey(arn: string): KmsKeyRecord | undefined {
        const [, , , region = "", accountId = ""] = arn.split(":");
        const item = this.#store.all(T.key, { accountId, region }).find(({ outputs }) => outputs["arn"] === arn);
        const policy = item && pinnedFrom(item.hidden, "policy");
        if (item === undefined || policy === undefined) return undefined;
        const enabled = item.outputs["isEnabled"] !== false;
        const state = item.status === "PENDING_DELETION" ? "PendingDeletion" : enabled ? "Enabled" : "Disabled";
        return { arn, keyId: item.id, accountId, region, state, policy };
    }

    cluster(accountId: string, region: string, name: string): EksClusterRecord | undefined {
        const item = this.#store.get({ type: T.cluster, accountId, region, id: name });
        return item && this.#clusterRecord(item);
    }

    clusterByIssuer(issuer: string): EksClusterRecord | undefined {
        const item = this.#store.all(T.cluster).find(({ hidden }) => hidden["issuer"] === issuer);
        return item && this.#clusterRecord(item);
    }

    #inlinePolicies(role: Item): IdentityPolicy[] {
        return this.#store
            .all(T.rolePolicy, { accountId: role.accountId })
            .filter(({ outputs }) => outputs["role"] === role.id)
            .map(({ outputs }) => ({
                name: textOf(outputs, "name"),
                kind: "inline" as const,
                document: textOf(outputs, "policy"),
            }));
    }

    #attachedPolicies(role: Item): IdentityPolicy[] {
        return this.#store
            .all(T.rolePolicyAttachment, { accountId: role.accountId })
            .filter(({ outputs }) => outputs["role"] === role.id)
            .map(({ outputs }) => {
                const arn = textOf(outputs, "policyArn");
                const document = this.#managedDocument(arn);
                const name = arn.slice(arn.lastIndexOf("/") + 1);
                return { name, kind: "attached" as const, arn, ...(document === undefined ? {} : { document }) };
            });
    }

    /** Text of a customer managed policy; AWS's own policies have none here. */
    #managedDocument(arn: string): string | undefined {
        const item = this.#store.all(T.policy).find(({ outputs }) => outputs["arn"] === arn);
        return item && optionalText(item.outputs, "policy");
    }

    #clusterRecord(item: Item): EksClusterRecord {
        const { accountId, region, id: name } = item;
        const of = (type: string) =>
            this.#store.all(type, { accountId, region }).filter(({ outputs }) => outputs["clusterName"] === name);
        const associations = of(T.accessPolicyAssociation);
        return {
            key: `${accountId}.${name}`,
            arn: textOf(item.outputs, "arn"),
            accountId,
            region,
            name,
            issuer: textOf(item.hidden, "issuer"),
            accessEntries: of(T.accessEntry).map((entry) => accessEntryRecord(entry, associations)),
            podIdentityAssociations: of(T.podIdentityAssociation).map(({ outputs }) => podIdentityRecord(outputs)),
        };
    }
}

function secretRecord({ accountId, region, outputs, hidden, pendingUntil }: Item): SecretRecord {
    const description = optionalText(outputs, "description");
    const kmsKeyArn = optionalText(hidden, "kmsKeyArn");
    const policy = pinnedFrom(hidden, "policy");
    const versions = Array.isArray(hidden["versions"]) ? hidden["versions"] : [];
    return {
        arn: textOf(outputs, "arn"),
        accountId,
        region,
        name: textOf(outputs, "name"),
        ...(description === undefined ? {} : { description }),
        ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
        ...(policy === undefined ? {} : { policy }),
        tags: propsOf(outputs["tagsAll"]) as Record<string, string>,
        createdDate: textOf(hidden, "createdDate"),
        lastChangedDate: textOf(hidden, "lastChangedDate"),
        ...(pendingUntil === undefined ? {} : { deletedDate: pendingUntil }),
        versions: versions as unknown as SecretVersionRecord[],
    };
}

/** A copy has its secret's content, tags and policy, and a key of its own. */
function copyRecord(secret: SecretRecord, { region, kmsKeyArn }: SecretCopy): SecretRecord {
    const copy = { ...secret, arn: copyArn(secret.arn, region), region };
    delete copy.kmsKeyArn;
    return { ...copy, ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }) };
}

function accessEntryRecord({ outputs, hidden }: Item, associations: readonly Item[]): AccessEntryRecord {
    const principalArn = textOf(outputs, "principalArn");
    const userName = optionalText(outputs, "userName");
    return {
        arn: textOf(outputs, "accessEntryArn"),
        principalArn,
        principalId: textOf(hidden, "principalId"),
        type: outputs["type"] === "EC2" || outputs["type"] === "EC2_LINUX" ? outputs["type"] : "STANDARD",
        ...(userName === undefined ? {} : { userName }),
        kubernetesGroups: textsOf(outputs, "kubernetesGroups"),
        policies: associations
            .filter((association) => association.outputs["principalArn"] === principalArn)
            .map((association) => associationRecord(association.outputs)),
    };
}

function associationRecord(outputs: Props): AccessPolicyAssociationRecord {
    const scope = propsOf(outputs["accessScope"]);
    return {
        policyArn: textOf(outputs, "policyArn"),
        scope:
            scope["type"] === "namespace"
                ? { type: "namespace", namespaces: textsOf(scope, "namespaces") }
                : { type: "cluster" },
    };
}

function podIdentityRecord(outputs: Props): PodIdentityAssociationRecord {
    return {
        arn: textOf(outputs, "associationArn"),
        id: textOf(outputs, "associationId"),
        namespace: textOf(outputs, "namespace"),
        serviceAccount: textOf(outputs, "serviceAccount"),
        roleArn: textOf(outputs, "roleArn"),
        disableSessionTags: outputs["disableSessionTags"] === true,
    };
}
