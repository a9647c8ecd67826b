import { origins, require, routeTo, type Site, tableOf, within } from "./topology.ts";

/** What stands for every address outside the fleet's networks. */
const internet = "0.0.0.0/0";

/** Hub and spoke, and where Vault is: a range behind the internet, a Transit Gateway, or in the hub's VPC. */
export interface Fleet {
    hub: Site;
    spoke: Site;
    /** Range that Vault answers at, and calls from. */
    vault: string;
}

/** Argo CD of the hub → the spoke's Kubernetes API. Throws a BrokenPath at the first hop that fails. */
export function walkHubToSpoke({ hub, spoke }: Fleet): void {
    const { server } = registration(spoke);
    const api = resolve("spoke DNS", spoke, server);
    for (const from of origins(hub)) {
        if (api.public) {
            admitPublic(spoke, leaveByNat(hub, from.tableId));
        } else {
            connect("hub route", hub, from, spoke, [spoke]);
            admitPrivate(spoke, from.cidr);
        }
    }
    if (!api.public) {
        answers("spoke return route", spoke, hub);
    }
}

/** External Secrets of the spoke → Vault. */
export function walkSpokeToVault({ hub, spoke, vault }: Fleet): void {
    const { vaultAddress } = spoke;
    const host = URL.canParse(vaultAddress) ? new URL(vaultAddress).hostname : "";
    require("Vault DNS", `"${vaultAddress}" holds no name`, /[a-z]/.test(host));
    for (const from of origins(spoke)) {
        if (isPublic(vault)) {
            const source = leaveByNat(spoke, from.tableId);
            const stated = spoke.outputs.natPublicIps as string[];
            require("Vault firewall", `${source} is no natPublicIps`, stated.includes(source.replace("/32", "")));
        } else {
            connect("spoke route to Vault", spoke, from, within(vault, hub.vpcCidr) ? hub : undefined, [hub], vault);
        }
    }
    if (within(vault, hub.vpcCidr)) {
        answers("hub return route", hub, spoke);
    }
}

/** Vault → the spoke's Kubernetes API, to ask whether a token is good. */
export function walkVaultToSpoke({ hub, spoke, vault }: Fleet): void {
    const host = spoke.one("vault:kubernetes/authBackendConfig:AuthBackendConfig").properties.kubernetesHost;
    const api = resolve("Vault's kubernetesHost", spoke, host);
    if (api.public) {
        if (within(vault, hub.vpcCidr)) {
            for (const { tableId } of origins(hub)) {
                admitPublic(spoke, leaveByNat(hub, tableId));
            }
        } else {
            admitPublic(spoke, vault);
        }
        return;
    }
    admitPrivate(spoke, vault);
    for (const from of origins(spoke)) {
        connect("spoke return route", spoke, from, within(vault, hub.vpcCidr) ? hub : undefined, [hub], vault);
    }
    if (within(vault, hub.vpcCidr)) {
        for (const from of origins(hub)) {
            connect("hub route", hub, from, spoke, [spoke]);
        }
    }
}

/**
 * What the API's name resolves to. Outside the VPC: public addresses as long as the endpoint is public too, else the
 * private ones. https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
 */
function resolve(hop: string, spoke: Site, name: unknown): { public: boolean } {
    const { properties } = spoke.one("aws:eks/cluster:Cluster");
    require(hop, `${String(name)} is not ${String(properties.endpoint)}`, name === properties.endpoint);
    const { endpointPublicAccess, endpointPrivateAccess } = properties.vpcConfig as Record<string, unknown>;
    require(hop, "the endpoint is neither public nor private", endpointPublicAccess === true || endpointPrivateAccess);
    return { public: endpointPublicAccess === true };
}

function registration(spoke: Site): { server: unknown } {
    const version = spoke.one("aws:secretsmanager/secretVersion:SecretVersion");
    return JSON.parse(String(version.properties.secretString)) as { server: unknown };
}

function isPublic(range: string): boolean {
    return !["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].some((block) => within(range, block));
}

/** From a private route table to the internet. Gives the address that the other end sees. */
function leaveByNat(site: Site, tableId: string): string {
    const { label } = site;
    if (site.all("aws:ec2/vpc:Vpc").length === 0) {
        const [address] = site.outputs.natPublicIps as string[];
        return `${require(`${label} NAT address`, "none is stated", address)}/32`;
    }
    const { properties } = routeTo(`${label} route`, site, tableId, internet, []);
    const nat = require(`${label} NAT gateway`, `${tableId} leads to none`, site.byId(
        "aws:ec2/natGateway:NatGateway",
        properties.natGatewayId,
    ));
    const address = site
        .all("aws:ec2/eip:Eip")
        .find((each) => each.properties.allocationId === nat.properties.allocationId);
    require(`${label} NAT address`, `${nat.name} has none`, address);
    const out = routeTo(`${label} public route`, site, tableOf(site, nat.properties.subnetId), internet, []);
    const gateway = site
        .all("aws:ec2/internetGateway:InternetGateway")
        .find(({ id }) => id === out.properties.gatewayId);
    require(`${label} internet gateway`, "not in the VPC", gateway?.properties.vpcId === site.vpcId);
    return `${String(nat.properties.publicIp)}/32`;
}

/** The public endpoint's allow-list. */
function admitPublic(spoke: Site, source: string): void {
    const { publicAccessCidrs } = spoke.one("aws:eks/cluster:Cluster").properties.vpcConfig as {
        publicAccessCidrs?: string[];
    };
    const admits = publicAccessCidrs?.some((range) => within(source, range));
    require("spoke allow-list", `${source} is not on it`, admits);
}

/** The rules of the security group that EKS made for the control plane. */
function admitPrivate(spoke: Site, source: string): void {
    const { clusterSecurityGroupId } = spoke.one("aws:eks/cluster:Cluster").properties.vpcConfig as {
        clusterSecurityGroupId?: string;
    };
    const admits = spoke
        .all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        .some(
            ({ account, properties }) =>
                account === spoke.account &&
                properties.securityGroupId === clusterSecurityGroupId &&
                properties.ipProtocol === "tcp" &&
                Number(properties.fromPort) <= 443 &&
                Number(properties.toPort) >= 443 &&
                within(source, properties.cidrIpv4),
        );
    require("spoke security group", `${source} may not call port 443`, admits);
}

/** Every subnet of a site has a way back to the other site's VPC. */
function answers(hop: string, site: Site, other: Site): void {
    for (const from of origins(site)) {
        connect(hop, site, from, other, [other]);
    }
}

/**
 * From one subnet over a private connection.
 *
 * @param to the site at the other end; undefined for something else behind a Transit Gateway
 * @param others sites whose stacks may have added routes or connections here
 */
function connect(
    hop: string,
    site: Site,
    from: { tableId: string; zone: string },
    to: Site | undefined,
    others: readonly Site[],
    destination = to?.vpcCidr ?? "",
): void {
    const { properties } = routeTo(hop, site, from.tableId, destination, others);
    const sites = [site, ...others];
    if (properties.vpcPeeringConnectionId !== undefined) {
        peer(properties.vpcPeeringConnectionId, site, require("peering connection", "ends in the hub", to), sites);
        return;
    }
    const gateway = require(hop, "leads to no private connection", properties.transitGatewayId);
    attached(site, gateway, from.zone);
    if (to !== undefined) {
        for (const { zone } of origins(to)) {
            attached(to, gateway, zone);
        }
    }
}

/** A peering connection between exactly these two VPCs, accepted by the account of the second. */
function peer(id: unknown, a: Site, b: Site, sites: readonly Site[]): void {
    const connection = require("peering connection", String(id), sites
        .map((each) => each.byId("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", id))
        .find(Boolean));
    const { vpcId, peerVpcId, peerOwnerId } = connection.properties;
    const ends = [vpcId, peerVpcId];
    const [accepting] = [a, b].filter((each) => each.vpcId === peerVpcId);
    const joined = [a, b].every((each) => ends.includes(each.vpcId));
    require("peering connection", `joins ${ends.join(" and ")}`, joined && accepting?.account === peerOwnerId);
    const accepter = sites
        .flatMap((each) => each.all("aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"))
        .find(({ properties }) => properties.vpcPeeringConnectionId === id && properties.autoAccept === true);
    require("peering accepter", "the hub's account accepts nothing", accepter?.account === peerOwnerId);
}

/** A Transit Gateway forwards only to and from zones in which it has a subnet of the VPC. */
function attached(site: Site, gateway: unknown, zone: string): void {
    const hop = `${site.label} attachment`;
    const attachment = site
        .all("aws:ec2transitgateway/vpcAttachment:VpcAttachment")
        .find(
            ({ properties, account }) =>
                account === site.account && properties.transitGatewayId === gateway && properties.vpcId === site.vpcId,
        );
    const { subnetIds } = require(hop, `none to ${String(gateway)}`, attachment).properties as { subnetIds: string[] };
    const zones = subnetIds.map((id) => site.byId("aws:ec2/subnet:Subnet", id)?.properties.availabilityZone ?? "");
    require(hop, `not in ${zone}`, zones.includes(zone));
}
