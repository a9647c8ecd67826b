import { cisEks } from "../../rule/frameworks.ts";
import { stackRule, type Member } from "../../rule/stack-rule.ts";
import { nodeGroup, subnet } from "../../rule/tokens.ts";
import { isOn, texts } from "../../rule/values.ts";

const route = "aws:ec2/route:Route";
const table = "aws:ec2/routeTable:RouteTable";
const association = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const gateway = "aws:ec2/internetGateway:InternetGateway";

/** Nodes have no address on the internet and no way in from it. */
export const eksNodesPrivate = stackRule(
    {
        name: "eks-nodes-private",
        description: "Put nodes into subnets without a public address and without a route to an internet gateway.",
        severity: "high",
        framework: cisEks("5.4.3", "Ensure clusters are created with private nodes"),
        why: "A node with a public address is scanned within minutes; its kubelet and every NodePort answer.",
        remediationSteps: "Pass the network's private subnets to the node group.",
        bad: [
            { type: subnet, name: "public", props: { mapPublicIpOnLaunch: true } },
            { type: nodeGroup, props: { subnetIds: ["?"] }, from: { subnetIds: ["public"] } },
        ],
        good: [
            { type: subnet, name: "private", props: { mapPublicIpOnLaunch: false } },
            { type: nodeGroup, props: { subnetIds: ["?"] }, from: { subnetIds: ["private"] } },
        ],
    },
    ({ members, each, skip }) => {
        const groups = members(nodeGroup);
        if (groups.length === 0) {
            skip(`is about ${nodeGroup}`);
        }
        const open = openTables(members(route), members(table));
        each(groups, (group) => {
            const ids = group.known("subnetIds");
            const subnets = group.from("subnetIds").filter(({ type }) => type === subnet);
            if (subnets.length === 0 && texts(ids).length === 0) {
                group.fail("its subnets are not known. Fix: pass subnets of this stack, or their ids, as subnetIds.");
            }
            for (const one of subnets) {
                if (isOn(one.props["mapPublicIpOnLaunch"])) {
                    group.fail(`subnet ${one.name} gives nodes public addresses. Fix: use private subnets.`);
                }
                const tables = members(association)
                    .filter((each) => each.from("subnetId").includes(one))
                    .flatMap((each) => each.from("routeTableId"));
                if (tables.some((each) => open.has(each))) {
                    group.fail(`subnet ${one.name} has a route to an internet gateway. Fix: use private subnets.`);
                }
            }
        });
    },
);

/** Route tables with a route to an internet gateway, inline or of its own. */
function openTables(routes: readonly Member[], tables: readonly Member[]): Set<Member> {
    const viaGateway = routes.filter((each) => each.from("gatewayId").some(({ type }) => type === gateway));
    const inline = tables.filter((each) => each.from("routes").some(({ type }) => type === gateway));
    return new Set([...viaGateway.flatMap((each) => each.from("routeTableId")), ...inline]);
}
