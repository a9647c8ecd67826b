import { cidrsOverlap, parseCidr } from "../../../../contract/cidr.ts";
import type { Props } from "../../../engine/kit/types.ts";
import { ec2Identifier } from "../../identifiers.ts";
import { requireItem } from "../../references.ts";
import { flag, text } from "../../schema/field.ts";
import { ec2Id, matching, oneOf } from "../../schema/formats.ts";
import { regions } from "../../schema/regions.ts";
import { optionalText, textOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import type { Item } from "../../state/store.ts";
import { T } from "../../tokens.ts";

const PENDING = "pending-acceptance";
const ACTIVE = "active";

/** The requester's side. The options `accepter` and `requester` (DNS of public names) are not known to the twin. */
export const vpcPeeringConnection: ResourceType = {
    token: T.vpcPeeringConnection,
    tagged: true,
    inputs: {
        autoAccept: flag(),
        peerOwnerId: text({ replaces: true, check: matching(/^\d{12}$/, "an account id of twelve digits") }),
        peerRegion: text({ replaces: true, check: oneOf(...regions) }),
        peerVpcId: text({ required: true, replaces: true, check: ec2Id("vpc") }),
        vpcId: text({ required: true, replaces: true, check: ec2Id("vpc") }),
    },
    computed: ["acceptStatus", "peerOwnerId", "peerRegion"],
    volatile: (changed) => (changed.includes("autoAccept") ? ["acceptStatus"] : []),
    validate: ({ autoAccept, peerRegion }) =>
        autoAccept === true && peerRegion !== undefined
            ? [{ property: "peerRegion", reason: "cannot be set whilst autoAccept is true" }]
            : [],
    create: (context, inputs) => {
        const { place, store } = context;
        const own = requireItem(context, T.vpc, textOf(inputs, "vpcId"), "InvalidVpcID.NotFound", "vpc ID");
        const peerOwnerId = optionalText(inputs, "peerOwnerId") ?? place.accountId;
        const peerRegion = optionalText(inputs, "peerRegion") ?? place.region;
        const peer = store.get({
            type: T.vpc,
            accountId: peerOwnerId,
            region: peerRegion,
            id: textOf(inputs, "peerVpcId"),
        });
        const id = ec2Identifier("pcx");
        if (peer === undefined || rangesOverlap(own, peer)) {
            throw new Error(
                `waiting for EC2 VPC Peering Connection (${id}) create: unexpected state 'failed': Failed due to ` +
                    "incorrect VPC-ID, Account ID, or overlapping CIDR range",
            );
        }
        requireFirst(context, own.id, peer.id);
        return { id, computed: { acceptStatus: accepted(context, inputs, peerOwnerId), peerOwnerId, peerRegion } };
    },
    update: (context, { outputs }, inputs) => {
        const before = textOf(outputs, "acceptStatus");
        const peerOwnerId = textOf(outputs, "peerOwnerId");
        return { computed: { acceptStatus: before === ACTIVE ? ACTIVE : accepted(context, inputs, peerOwnerId) } };
    },
};

/** The accepter's side of a connection, in the account of the peer VPC. Deleting it leaves the connection as it is. */
export const vpcPeeringConnectionAccepter: ResourceType = {
    token: T.vpcPeeringConnectionAccepter,
    tagged: true,
    inputs: {
        autoAccept: flag(),
        vpcPeeringConnectionId: text({ required: true, replaces: true, check: ec2Id("pcx") }),
    },
    computed: ["acceptStatus", "peerOwnerId", "peerRegion", "peerVpcId", "vpcId"],
    volatile: (changed) => (changed.includes("autoAccept") ? ["acceptStatus"] : []),
    create: (context, inputs) => {
        const connection = requireConnection(context, textOf(inputs, "vpcPeeringConnectionId"));
        const acceptStatus = accept(context, connection, inputs);
        return {
            id: connection.id,
            computed: {
                acceptStatus,
                peerOwnerId: connection.accountId,
                // The aws provider shows the accepter's region here, on either side.
                peerRegion: connection.outputs["peerRegion"] ?? "",
                peerVpcId: connection.outputs["vpcId"] ?? "",
                vpcId: connection.outputs["peerVpcId"] ?? "",
            },
        };
    },
    update: (context, { id }, inputs) => ({
        computed: { acceptStatus: accept(context, requireConnection(context, id), inputs) },
    }),
};

/** The connection, whichever of its two accounts asks. */
export function findConnection({ store, place }: Context, id: string): Item | undefined {
    const found = store.all(T.vpcPeeringConnection).find((item) => item.id === id);
    if (found === undefined) return undefined;
    const sides = [
        [found.accountId, found.region],
        [found.outputs["peerOwnerId"], found.outputs["peerRegion"]],
    ];
    return sides.some(([account, region]) => account === place.accountId && region === place.region)
        ? found
        : undefined;
}

export function requireConnection(context: Context, id: string): Item {
    const found = findConnection(context, id);
    if (found !== undefined) return found;
    const { accountId, region } = context.place;
    throw new Error(
        `InvalidVpcPeeringConnectionID.NotFound: The vpcPeeringConnection ID '${id}' does not exist in ${accountId} ${region}`,
    );
}

export function isActive({ outputs }: Item): boolean {
    return outputs["acceptStatus"] === ACTIVE;
}

/** Accepts, if asked to, as the peer VPC's owner. */
function accept(context: Context, connection: Item, inputs: Props): string {
    if (isActive(connection) || inputs["autoAccept"] !== true) return textOf(connection.outputs, "acceptStatus");
    const { place, store } = context;
    const [peerOwnerId, peerRegion] = [
        textOf(connection.outputs, "peerOwnerId"),
        textOf(connection.outputs, "peerRegion"),
    ];
    if (place.accountId !== peerOwnerId || place.region !== peerRegion) {
        throw new Error(
            `OperationNotPermitted: User ${place.accountId} cannot accept peering ${connection.id} in ${place.region}; ` +
                `${peerOwnerId} can, in ${peerRegion}`,
        );
    }
    store.put({ ...connection, outputs: { ...connection.outputs, acceptStatus: ACTIVE } });
    return ACTIVE;
}

/** A requester may accept its own request only where both VPCs are in one account and region. */
function accepted({ place }: Context, inputs: Props, peerOwnerId: string): string {
    if (inputs["autoAccept"] !== true) return PENDING;
    if (peerOwnerId === place.accountId) return ACTIVE;
    throw new Error(
        `OperationNotPermitted: User ${place.accountId} cannot accept a peering that ${peerOwnerId} must accept; ` +
            "use a VpcPeeringConnectionAccepter",
    );
}

/** AWS hands out the connection that exists already; two resources would then own it. */
function requireFirst({ store }: Context, a: string, b: string): void {
    const other = store
        .all(T.vpcPeeringConnection)
        .find(
            ({ outputs }) => [a, b].includes(textOf(outputs, "vpcId")) && [a, b].includes(textOf(outputs, "peerVpcId")),
        );
    if (other !== undefined) {
        throw new Error(
            `VpcPeeringConnectionAlreadyExists: ${a} and ${b} have a peering connection already (${other.id})`,
        );
    }
}

function rangesOverlap(a: Item, b: Item): boolean {
    const [left, right] = [a, b].map(({ outputs }) => parseCidr(textOf(outputs, "cidrBlock")));
    return left !== undefined && right !== undefined && cidrsOverlap(left, right);
}
