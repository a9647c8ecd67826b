import type { Props, Value } from "../engine/kit/types.ts";
import { cidr, contains, overlaps } from "./cidr.ts";
import { echoed, hex, list, refer, text, unused, usersOf } from "./lookups.ts";
import { AwsError, type Context, type Input, type ResourceType, type Stored } from "./resource-type.ts";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const GATEWAY = "aws:ec2/internetGateway:InternetGateway";
const NAT = "aws:ec2/natGateway:NatGateway";
const EIP = "aws:ec2/eip:Eip";
const TABLE = "aws:ec2/routeTable:RouteTable";
const ROUTE = "aws:ec2/route:Route";
const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const tags: Input = { shape: "object" };
const vpcId: Input = { shape: "string", required: true, replace: true };

const arn = (context: Context, resource: string) =>
    `arn:aws:ec2:${context.caller.region}:${context.caller.account}:${resource}`;
const vpcOf = (context: Context, inputs: Props) =>
    refer(context, VPC, text(inputs, "vpcId"), "InvalidVpcID.NotFound", "vpc ID");

function isCidr(value: Value): string | undefined {
    return typeof value === "string" && cidr(value) !== undefined ? undefined : `"${String(value)}" is not an IPv4 CIDR`;
}

/** A type whose update changes nothing but its echoed inputs. */
function plain(type: Omit<ResourceType, "update">): ResourceType {
    return { ...type, update: async (context, stored, inputs) => ({ ...stored.outputs, ...echoed(context, inputs, {}) }) };
}

export const ec2Types: ResourceType[] = [
    plain({
        type: VPC,
        inputs: {
            cidrBlock: { shape: "string", required: true, replace: true, check: isCidr },
            enableDnsHostnames: { shape: "boolean", default: false },
            enableDnsSupport: { shape: "boolean", default: true },
            tags,
        },
        stable: ["arn", "defaultSecurityGroupId", "mainRouteTableId", "ownerId"],
        computed: ["arn", "defaultSecurityGroupId", "mainRouteTableId", "ownerId"],
        async create(context, inputs) {
            const block = cidr(text(inputs, "cidrBlock"));
            if (block === undefined || block.prefix < 16 || block.prefix > 28) {
                throw new AwsError("InvalidVpc.Range", `The CIDR '${text(inputs, "cidrBlock")}' is invalid: AWS allows /16 to /28.`);
            }
            const id = `vpc-0${hex(16)}`;
            const extra = {
                arn: arn(context, `vpc/${id}`),
                defaultSecurityGroupId: `sg-0${hex(16)}`,
                mainRouteTableId: `rtb-0${hex(16)}`,
                ownerId: context.caller.account,
            };
            return { id, outputs: echoed(context, inputs, extra) };
        },
        async remove(context, stored) {
            const users = [SUBNET, GATEWAY, TABLE].flatMap((type) => usersOf(context, type, "vpcId", stored.id));
            unused(context, users, "DependencyViolation", `The vpc '${stored.id}' has dependencies and cannot be deleted.`);
        },
    }),
    plain({
        type: SUBNET,
        inputs: {
            vpcId,
            cidrBlock: { shape: "string", required: true, replace: true, check: isCidr },
            availabilityZone: { shape: "string", replace: true },
            mapPublicIpOnLaunch: { shape: "boolean", default: false },
            tags,
        },
        stable: ["arn", "ownerId"],
        computed: ["arn", "ownerId"],
        async create(context, inputs) {
            const vpc = vpcOf(context, inputs);
            const block = text(inputs, "cidrBlock");
            if (!contains(text(vpc.inputs, "cidrBlock"), block)) {
                throw new AwsError("InvalidSubnet.Range", `The CIDR '${block}' is invalid: it lies outside of the VPC's.`);
            }
            for (const other of context.store.all(SUBNET, context.caller.account)) {
                if (other.inputs["vpcId"] === vpc.id && overlaps(text(other.inputs, "cidrBlock"), block)) {
                    throw new AwsError("InvalidSubnet.Conflict", `The CIDR '${block}' conflicts with another subnet`);
                }
            }
            const zone = text(inputs, "availabilityZone");
            if (zone !== "" && !new RegExp(`^${context.caller.region}[a-f]$`).test(zone)) {
                throw new AwsError("InvalidParameterValue", `Value (${zone}) for parameter availabilityZone is invalid.`);
            }
            const id = `subnet-0${hex(16)}`;
            const extra = { arn: arn(context, `subnet/${id}`), ownerId: context.caller.account };
            return { id, outputs: echoed(context, inputs, extra) };
        },
        async remove(context, stored) {
            const clusters = context.store
                .all("aws:eks/cluster:Cluster", context.caller.account)
                .filter(({ inputs }) => list((inputs["vpcConfig"] as Props)["subnetIds"]).includes(stored.id));
            const users = [
                ...usersOf(context, NAT, "subnetId", stored.id),
                ...clusters.map((cluster) => `Cluster ${cluster.id}`),
            ];
            unused(context, users, "DependencyViolation", `The subnet '${stored.id}' has dependencies and cannot be deleted.`);
        },
    }),
    plain({
        type: GATEWAY,
        inputs: { vpcId: { shape: "string" }, tags },
        stable: ["arn", "ownerId"],
        computed: ["arn", "ownerId"],
        async create(context, inputs) {
            const vpc = vpcOf(context, inputs);
            unused(context, usersOf(context, GATEWAY, "vpcId", vpc.id), "Resource.AlreadyAssociated", "The VPC has a gateway");
            const id = `igw-0${hex(16)}`;
            const extra = { arn: arn(context, `internet-gateway/${id}`), ownerId: context.caller.account };
            return { id, outputs: echoed(context, inputs, extra) };
        },
        async remove(context, stored) {
            const vpc = stored.inputs["vpcId"];
            const nats = context.store.all(NAT, context.caller.account).filter(({ inputs }) => {
                const subnet = context.store.get(SUBNET, context.caller.account, text(inputs, "subnetId"));
                return subnet?.inputs["vpcId"] === vpc;
            });
            const users = nats.map((nat) => `NatGateway ${nat.id}`);
            unused(context, users, "DependencyViolation", `Network ${String(vpc)} has some mapped public address(es).`);
        },
    }),
    plain({
        type: EIP,
        inputs: { domain: { shape: "string", replace: true, check: (v) => (v === "vpc" ? undefined : "must be vpc") }, tags },
        stable: ["allocationId", "publicIp", "arn"],
        computed: ["allocationId", "publicIp", "arn"],
        async create(context, inputs) {
            const id = `eipalloc-0${hex(16)}`;
            // TEST-NET-3 (RFC 5737): addresses that belong to nobody.
            const taken = new Set(context.store.all(EIP).map(({ outputs }) => outputs["publicIp"]));
            const octet = Array.from({ length: 254 }, (_, index) => index + 1).find((n) => !taken.has(`203.0.113.${n}`));
            if (octet === undefined) throw new AwsError("AddressLimitExceeded", "The sandbox has 254 public addresses.");
            const extra = { allocationId: id, publicIp: `203.0.113.${octet}`, arn: arn(context, `elastic-ip/${id}`) };
            return { id, outputs: echoed(context, inputs, extra) };
        },
        async remove(context, stored) {
            const users = usersOf(context, NAT, "allocationId", stored.id);
            unused(context, users, "InvalidIPAddress.InUse", `Address ${text(stored.outputs, "publicIp")} is in use.`);
        },
    }),
    plain({
        type: NAT,
        inputs: {
            allocationId: { shape: "string", required: true, replace: true },
            subnetId: { shape: "string", required: true, replace: true },
            tags,
        },
        stable: ["publicIp", "networkInterfaceId"],
        computed: ["publicIp", "networkInterfaceId"],
        async create(context, inputs) {
            refer(context, SUBNET, text(inputs, "subnetId"), "InvalidSubnetID.NotFound", "subnet ID");
            const address = refer(context, EIP, text(inputs, "allocationId"), "InvalidAllocationID.NotFound", "allocation ID");
            const id = `nat-0${hex(16)}`;
            const extra = { publicIp: text(address.outputs, "publicIp"), networkInterfaceId: `eni-0${hex(16)}` };
            return { id, outputs: echoed(context, inputs, extra) };
        },
    }),
    plain({
        type: TABLE,
        inputs: { vpcId, tags },
        stable: ["arn", "ownerId"],
        computed: ["arn", "ownerId"],
        async create(context, inputs) {
            vpcOf(context, inputs);
            const id = `rtb-0${hex(16)}`;
            const extra = { arn: arn(context, `route-table/${id}`), ownerId: context.caller.account };
            return { id, outputs: echoed(context, inputs, extra) };
        },
        async remove(context, stored) {
            const users = usersOf(context, ASSOCIATION, "routeTableId", stored.id);
            unused(context, users, "DependencyViolation", `The routeTable '${stored.id}' has dependencies.`);
        },
    }),
    {
        type: ROUTE,
        inputs: {
            routeTableId: { shape: "string", required: true, replace: true },
            destinationCidrBlock: { shape: "string", required: true, replace: true, check: isCidr },
            gatewayId: { shape: "string" },
            natGatewayId: { shape: "string" },
        },
        stable: [],
        computed: ["origin", "state"],
        async create(context, inputs) {
            const table = refer(context, TABLE, text(inputs, "routeTableId"), "InvalidRouteTableID.NotFound", "routeTable ID");
            checkTarget(context, inputs);
            const id = `r-${table.id}-${text(inputs, "destinationCidrBlock")}`;
            if (context.store.get(ROUTE, context.caller.account, id) !== undefined) {
                throw new AwsError("RouteAlreadyExists", `The route identified by ${text(inputs, "destinationCidrBlock")} already exists.`);
            }
            return { id, outputs: { ...inputs, origin: "CreateRoute", state: "active" } };
        },
        async update(context, stored, inputs) {
            checkTarget(context, inputs);
            return { ...stored.outputs, ...inputs };
        },
    },
    {
        type: ASSOCIATION,
        inputs: {
            routeTableId: { shape: "string", required: true },
            subnetId: { shape: "string", required: true, replace: true },
        },
        stable: [],
        computed: [],
        async create(context, inputs) {
            refer(context, TABLE, text(inputs, "routeTableId"), "InvalidRouteTableID.NotFound", "routeTable ID");
            refer(context, SUBNET, text(inputs, "subnetId"), "InvalidSubnetID.NotFound", "subnet ID");
            return { id: `rtbassoc-0${hex(16)}`, outputs: { ...inputs } };
        },
        async update(context, stored, inputs) {
            refer(context, TABLE, text(inputs, "routeTableId"), "InvalidRouteTableID.NotFound", "routeTable ID");
            return { ...stored.outputs, ...inputs };
        },
    },
    plain({
        type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        inputs: { vpcId: { shape: "string", replace: true }, ingress: { shape: "list" }, egress: { shape: "list" }, tags },
        stable: ["arn", "name", "ownerId"],
        computed: ["arn", "name", "description", "ownerId"],
        async create(context, inputs) {
            const id = text(vpcOf(context, inputs).outputs, "defaultSecurityGroupId");
            const extra = {
                arn: arn(context, `security-group/${id}`),
                name: "default",
                description: "default VPC security group",
                ownerId: context.caller.account,
            };
            return { id, outputs: echoed(context, inputs, extra) };
        },
    }),
    plain({
        type: "aws:ec2/flowLog:FlowLog",
        inputs: {
            vpcId: { shape: "string", replace: true, required: true },
            iamRoleArn: { shape: "string", replace: true },
            logDestination: { shape: "string", replace: true },
            logDestinationType: { shape: "string", replace: true, default: "cloud-watch-logs" },
            trafficType: { shape: "string", replace: true },
            maxAggregationInterval: { shape: "number", replace: true, default: 600 },
            tags,
        },
        stable: ["arn"],
        computed: ["arn"],
        async create(context, inputs) {
            vpcOf(context, inputs);
            const id = `fl-0${hex(16)}`;
            return { id, outputs: echoed(context, inputs, { arn: arn(context, `vpc-flow-log/${id}`) }) };
        },
    }),
    {
        type: "aws:ec2/launchTemplate:LaunchTemplate",
        inputs: {
            namePrefix: { shape: "string", replace: true },
            blockDeviceMappings: { shape: "list" },
            metadataOptions: { shape: "object" },
            tagSpecifications: { shape: "list" },
            updateDefaultVersion: { shape: "boolean" },
            tags,
        },
        stable: ["arn", "name"],
        computed: ["arn", "name", "latestVersion", "defaultVersion"],
        async create(context, inputs) {
            const id = `lt-0${hex(16)}`;
            const name = `${text(inputs, "namePrefix") || "terraform-"}${hex(12)}`;
            const extra = { arn: arn(context, `launch-template/${id}`), name, latestVersion: 1, defaultVersion: 1 };
            return { id, outputs: echoed(context, inputs, extra) };
        },
        async update(context, stored, inputs) {
            const latestVersion = Number(stored.outputs["latestVersion"]) + 1;
            const defaultVersion = inputs["updateDefaultVersion"] === true ? latestVersion : stored.outputs["defaultVersion"];
            return echoed(context, inputs, { ...computedOf(stored), latestVersion, defaultVersion: defaultVersion ?? 1 });
        },
    },
];

function computedOf(stored: Stored): Props {
    return { arn: stored.outputs["arn"] ?? "", name: stored.outputs["name"] ?? "" };
}

function checkTarget(context: Context, inputs: Props): void {
    const gateway = text(inputs, "gatewayId");
    const nat = text(inputs, "natGatewayId");
    if ((gateway === "") === (nat === "")) {
        throw new AwsError("InvalidParameterCombination", "A route needs exactly one of gatewayId and natGatewayId");
    }
    if (gateway !== "") refer(context, GATEWAY, gateway, "InvalidGatewayID.NotFound", "gateway ID");
    else refer(context, NAT, nat, "InvalidNatGatewayID.NotFound", "NatGateway ID");
}
