import { securityHub } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { subnet } from "../../rule/tokens.ts";
import { isOn, map } from "../../rule/values.ts";

/** Nothing gets a public address by being started in a subnet. */
export const subnetNoAutoPublicIp = resourceRule(
    {
        name: "subnet-no-auto-public-ip",
        description: "Leave mapPublicIpOnLaunch off, except in subnets for public load balancers.",
        severity: "medium",
        framework: securityHub("EC2.15", "Subnets should not automatically assign public IP addresses"),
        why: "An address on the internet should be somebody's decision, not a property of where something was started.",
        remediationSteps: "Set mapPublicIpOnLaunch to false.",
        bad: { type: subnet, props: { mapPublicIpOnLaunch: true } },
        good: { type: subnet, props: { mapPublicIpOnLaunch: false } },
    },
    [subnet],
    ({ props, fail }) => {
        const forLoadBalancers = map(props["tags"])["kubernetes.io/role/elb"] === "1";
        if (isOn(props["mapPublicIpOnLaunch"]) && !forLoadBalancers) {
            fail("what starts here is on the internet. Fix: set mapPublicIpOnLaunch to false.");
        }
        if (isOn(props["assignIpv6AddressOnCreation"]) && !forLoadBalancers) {
            fail("what starts here has a public IPv6 address. Fix: set assignIpv6AddressOnCreation to false.");
        }
    },
);
