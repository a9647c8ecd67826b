import { cidrContains, parseCidr } from "../../../contract/cidr.ts";
import { plannedAnswers } from "../../../sandbox/plan/computed.ts";
import type { ProgramRun } from "../../../sandbox/plan/program.ts";

/** A path that ends before its destination, and where. */
export class BrokenPath extends Error {
    constructor(hop: string, detail: string) {
        super(`${hop}: ${detail}`);
        this.name = "BrokenPath";
    }
}

/** Ends a path at a hop unless there is something to go on with. */
export function require<Value>(hop: string, detail: string, value: Value | undefined | false): Value {
    if (value === undefined || value === false) {
        throw new BrokenPath(hop, detail);
    }
    return value;
}

type Inputs = Record<string, unknown>;

/** Something planned, with the properties and the id that its provider would give it. */
export interface Node {
    id: string;
    name: string;
    type: string;
    properties: Inputs;
    /** Account that the resource's provider works in. */
    account: string;
}

/** A stack as planned, with a network that can be walked. */
export class Site {
    /** How hops call the stack: hub or spoke. */
    readonly label: string;
    readonly nodes: Node[];
    readonly account: string;
    readonly vpcId: string;
    readonly vpcCidr: string;
    readonly outputs: Inputs;
    /** Where the stack's Vault provider calls. */
    readonly vaultAddress: string;

    constructor(label: string, { resources, outputs }: ProgramRun) {
        this.label = label;
        this.outputs = outputs;
        this.account = String(outputs.accountId);
        this.vpcId = String(outputs.vpcId);
        this.vpcCidr = String(outputs.vpcCidr);
        const answers = plannedAnswers({ accountId: this.account, region: String(outputs.region) }, {});
        const vault = resources.find(({ type }) => type === "pulumi:providers:vault");
        this.vaultAddress = typeof vault?.inputs.address === "string" ? vault.inputs.address : "";
        const providers = new Map(resources.map(({ urn, inputs }) => [urn, inputs.allowedAccountIds]));
        this.nodes = resources
            .filter(({ custom, read, type }) => custom && !read && !type.startsWith("pulumi:"))
            .map(({ type, name, inputs, provider }) => ({
                id: answers.id(type, name, inputs),
                name,
                type,
                properties: answers.resource(type, name, inputs),
                account: accountOf(providers.get(provider)),
            }));
    }

    all(type: string): Node[] {
        return this.nodes.filter((node) => node.type === type);
    }

    one(type: string): Node {
        return require(this.label, `no ${type}`, this.all(type)[0]);
    }

    byId(type: string, id: unknown): Node | undefined {
        return this.all(type).find((node) => node.id === id);
    }
}

function accountOf(allowedAccountIds: unknown): string {
    return typeof allowedAccountIds === "string" ? String((JSON.parse(allowedAccountIds) as unknown[])[0]) : "";
}

/** Whether the range `inner` lies in `outer`. */
export function within(inner: string, outer: unknown): boolean {
    const [narrow, wide] = [parseCidr(inner), parseCidr(String(outer))];
    return narrow !== undefined && wide !== undefined && cidrContains(wide, narrow);
}

/** Where packets leave a VPC from: a subnet with its route table. */
export interface Origin {
    cidr: string;
    zone: string;
    tableId: string;
}

/** Private subnets of a site's control plane and nodes. Of an adopted VPC only range and route tables are known. */
export function origins(site: Site): Origin[] {
    const clusters = site.all("aws:eks/cluster:Cluster").map(({ properties }) => properties.vpcConfig as Inputs);
    const groups = site.all("aws:eks/nodeGroup:NodeGroup").map(({ properties }) => properties);
    const ids = new Set([...clusters, ...groups].flatMap(({ subnetIds }) => subnetIds as string[]));
    if (site.all("aws:ec2/vpc:Vpc").length === 0) {
        const tables = site.outputs.privateRouteTableIds as string[];
        return tables.map((tableId) => ({ cidr: site.vpcCidr, zone: "", tableId }));
    }
    return [...ids].map((id) => {
        const subnet = require(`${site.label} subnet`, id, site.byId("aws:ec2/subnet:Subnet", id));
        return {
            cidr: String(subnet.properties.cidrBlock),
            zone: String(subnet.properties.availabilityZone),
            tableId: tableOf(site, id),
        };
    });
}

/** The route table that a subnet is associated with. */
export function tableOf(site: Site, subnetId: unknown): string {
    const association = site
        .all("aws:ec2/routeTableAssociation:RouteTableAssociation")
        .find(({ properties }) => properties.subnetId === subnetId);
    return String(
        require(`${site.label} route table`, `${String(subnetId)} has none`, association).properties.routeTableId,
    );
}

/** The route of a table that a packet to a range takes: the longest prefix wins. Other stacks may have added some. */
export function routeTo(hop: string, site: Site, tableId: string, destination: string, others: readonly Site[]): Node {
    const usable = [site, ...others]
        .flatMap((each) => each.all("aws:ec2/route:Route"))
        .filter(({ account, properties }) => account === site.account && properties.routeTableId === tableId)
        .filter(({ properties }) => within(destination, properties.destinationCidrBlock))
        .toSorted((a, b) => prefixOf(b) - prefixOf(a));
    return require(hop, `${tableId} has no route to ${destination}`, usable[0]);
}

function prefixOf({ properties }: Node): number {
    return parseCidr(String(properties.destinationCidrBlock))?.prefix ?? 0;
}
