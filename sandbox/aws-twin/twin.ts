import type {
    CheckRequest,
    CreateRequest,
    DeleteRequest,
    DiffRequest,
    Props,
    ReadRequest,
    UpdateRequest,
} from "../engine/kit/types.ts";
import type { Clusters } from "./clusters.ts";
import type { EksClusterRecord, IamRole, IamSource, KmsKeyRecord, SecretRecord } from "./iam/source.ts";
import { invoke } from "./invokes.ts";
import { check, create, diff, type Parts, read, remove, update } from "./lifecycle.ts";
import { ensureOperator } from "./organization.ts";
import { placeOf } from "./place.ts";
import { type Item, Store } from "./state/store.ts";
import { StateView } from "./state/view.ts";

export { OPERATOR_ROLE_ARN } from "./organization.ts";

export interface TwinOptions {
    /** JSON file that holds the state; without one it lives in memory only. */
    stateFile?: string;
    clusters: Clusters;
    clock: () => Date;
}

/** A resource of the twin, for people and for the proof that nothing is left. */
export interface InventoryItem {
    account: string;
    /** Empty for IAM. */
    region: string;
    /** Pulumi type token. */
    type: string;
    id: string;
    /** Empty: in use. Else what it is waiting for, such as `PENDING_DELETION until 2026-12-21`. */
    status: string;
}

/** The methods of a provider that the twin answers. */
export type Method = "configure" | "check" | "diff" | "create" | "read" | "update" | "delete" | "invoke";

/** A strict stand-in for the accounts of an AWS organisation: what it does not know is an error that names it. */
export class Twin implements IamSource {
    readonly #parts: Parts;

    /** Reads the state that an earlier twin left in `stateFile`. */
    constructor({ stateFile, clusters, clock }: TwinOptions) {
        const store = new Store(stateFile, clock);
        const view = new StateView(store);
        this.#parts = { store, view, clusters, recorded: new Set() };
        ensureOperator(store, view);
    }

    /**
     * Answers one request of a provider.
     *
     * @param config The provider's own inputs, lists and objects parsed.
     * @param request As the provider kit defines it for the method; `signal` and `log` aside.
     * @param signal Aborts a create, update or delete that is running.
     * @throws Error with AWS's code and message where AWS would refuse.
     */
    async handle(config: Props, method: Method, request: unknown, signal: AbortSignal): Promise<unknown> {
        const { store, view } = this.#parts;
        if (method === "check") return check(this.#parts, request as CheckRequest);
        const place = placeOf(store, view, config);
        switch (method) {
            case "configure":
                return {};
            case "diff":
                return diff(place, request as DiffRequest);
            case "create":
                return await create(this.#parts, place, { ...(request as CreateRequest), signal });
            case "read":
                return read(this.#parts, place, { ...(request as ReadRequest), signal });
            case "update":
                return await update(this.#parts, place, { ...(request as UpdateRequest), signal });
            case "delete":
                return await remove(this.#parts, place, { ...(request as DeleteRequest), signal });
            case "invoke": {
                const { token, args } = request as { token: string; args: Props };
                return { result: invoke(token, args, place, view), failures: [] };
            }
            default:
                throw new Error(`the AWS twin has no method ${String(method)}`);
        }
    }

    /** Everything stacks made and that is still there, sorted by account, type and id. */
    inventory(): InventoryItem[] {
        return this.#parts.store
            .items()
            .filter(({ implicit }) => implicit !== true)
            .map((item) => ({
                account: item.accountId,
                region: item.region,
                type: item.type,
                id: item.id,
                status: statusOf(item),
            }))
            .toSorted((a, b) => sortKey(a).localeCompare(sortKey(b)));
    }

    /** SHA-256 of everything stacks made; a preview leaves it as it is. */
    hash(): string {
        return this.#parts.store.hash();
    }

    /** Lets days pass for pending deletions. Gives what is gone for good, as `<account> <type> <id>`. */
    advance(days: number): string[] {
        if (!Number.isInteger(days) || days < 0) {
            throw new Error(`days must be a whole number of 0 or more, got ${days}`);
        }
        return this.#parts.store.advance(days).map(({ accountId, type, id }) => `${accountId} ${type} ${id}`);
    }

    role(arn: string): IamRole | undefined {
        return this.#parts.view.role(arn);
    }

    secrets(accountId: string, region: string): SecretRecord[] {
        return this.#parts.view.secrets(accountId, region);
    }

    kmsKey(arn: string): KmsKeyRecord | undefined {
        return this.#parts.view.kmsKey(arn);
    }

    cluster(accountId: string, region: string, name: string): EksClusterRecord | undefined {
        return this.#parts.view.cluster(accountId, region, name);
    }

    clusterByIssuer(issuer: string): EksClusterRecord | undefined {
        return this.#parts.view.clusterByIssuer(issuer);
    }
}

function statusOf({ status, pendingUntil }: Item): string {
    return pendingUntil === undefined ? status : `${status} until ${pendingUntil.slice(0, 10)}`;
}

function sortKey({ account, region, type, id }: InventoryItem): string {
    return [account, region, type, id].join(" ");
}
