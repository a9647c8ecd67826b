import { securityHub } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { securityGroup } from "../../rule/tokens.ts";
import { map, shown } from "../../rule/values.ts";
import { ingressOf, ingressTypes, reachesInternet } from "../../network/ingress.ts";

/** No port is open to the internet, except HTTPS of a load balancer. */
export const sgNoWorldIngress = resourceRule(
    {
        name: "sg-no-world-ingress",
        description: "Open no port to the internet, except 443 of a load balancer's group.",
        severity: "critical",
        framework: securityHub("EC2.18, EC2.19", "Security groups should not allow unrestricted access"),
        why: "Everything behind the port is then as safe as its next vulnerability. Half the internet twice is all of it.",
        remediationSteps:
            'Name the ranges or the security group that need the port. For a public load balancer: port 443, group tagged fleet/public-load-balancer: "true".',
        bad: {
            type: securityGroup,
            props: { ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }] },
        },
        good: {
            type: securityGroup,
            props: { ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/16"] }] },
        },
    },
    ingressTypes,
    ({ type, props, fail }) => {
        const ways = ingressOf(type, props);
        const tagged = map(props["tags"])["fleet/public-load-balancer"] === "true";
        for (const { ranges, from, to, protocol } of ways) {
            const https = from === 443 && to === 443 && protocol === "tcp";
            if (reachesInternet(ranges) && !(https && tagged)) {
                fail(
                    `${protocol} ${from ?? "any"}-${to ?? "any"} is open to ${shown(ranges)}. Fix: name who needs it.`,
                );
            }
        }
        // Several rules for one port may be the internet only together.
        const together = ways.flatMap(({ ranges }) => ranges);
        if (!tagged && reachesInternet(together) && !ways.some(({ ranges }) => reachesInternet(ranges))) {
            fail(`its rules together are open to the internet (${shown(together)}). Fix: name who needs the ports.`);
        }
    },
);
