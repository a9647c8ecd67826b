import { eksClusterArn, fleetRoleArn, hubArgocdRoleName, hubExternalSecretsRoleName } from "../../contract/names.ts";
import type { SettingSchema } from "../rule/rule.ts";

/** A hub of the fleet. */
export interface Hub {
    accountId: string;
    region: string;
    clusterName: string;
    /** IAM path of the fleet's roles. @default /fleet/ */
    iamPath?: string;
}

/** Setting of every rule that must know the hubs. */
export const hubsSetting: SettingSchema = {
    description: "Hubs of the fleet.",
    type: "array",
    default: [],
    items: {
        type: "object",
        additionalProperties: false,
        required: ["accountId", "region", "clusterName"],
        properties: {
            accountId: { type: "string", pattern: "^\\d{12}$" },
            region: { type: "string" },
            clusterName: { type: "string" },
            iamPath: { type: "string", pattern: "^/(.+/)?$" },
        },
    },
};

export function argocdRole(hub: Hub): string {
    return fleetRoleArn(hub.accountId, hubArgocdRoleName(hub.clusterName), hub.iamPath);
}

export function externalSecretsRole(hub: Hub): string {
    return fleetRoleArn(hub.accountId, hubExternalSecretsRoleName(hub.clusterName), hub.iamPath);
}

export function hubCluster(hub: Hub): string {
    return eksClusterArn(hub.region, hub.accountId, hub.clusterName);
}

/** Whether an ARN has the form of a hub's Argo CD role, whichever hub's. */
export function looksLikeArgocdRole(arn: string): boolean {
    return new RegExp(`:role/(.+/)?[^/]+${hubArgocdRoleName("")}$`).test(arn);
}

/** The hub of the examples and tests. */
export const exampleHub: Hub = { accountId: "111111111111", region: "eu-west-1", clusterName: "hub-01" };
