import assert from "node:assert/strict";

import { type Change, changed, endpoint, input, without } from "./network/breakage.ts";
import { plannedFleet, sites, type Walk, walks } from "./network/fleets.ts";
import { BrokenPath } from "./network/topology.ts";

/** What is broken, how, and the hop at which the path must end. */
type Break = [what: string, change: Change, hop: RegExp];

const isPublic = changed("spoke", /eks\/cluster:/, endpoint({ endpointPublicAccess: true }));
const isPrivate = changed("spoke", /eks\/cluster:/, endpoint({ endpointPublicAccess: false }));
const allow = (...publicAccessCidrs: string[]) => changed("spoke", /eks\/cluster:/, endpoint({ publicAccessCidrs }));
const elsewhere = "https://elsewhere.example.com";
const registered = changed("spoke", /secretVersion:/, input("secretString", JSON.stringify({ server: elsewhere })));
const anotherHost = changed("spoke", /authBackendConfig:/, input("kubernetesHost", elsewhere));
const bySpoke: Parameters<typeof changed>[2] = (resource) => {
    resource.provider = resource.provider.replace(/::[^:]*$/, "::spoke-aws");
};
const rule = /IngressRule:.*connectivity/;
const request = /vpcPeeringConnection:/;
const accepter = /vpcPeeringConnectionAccepter:/;
const attachment = /vpcAttachment:/;

const breaks: Record<string, Partial<Record<Walk, Break[]>>> = {
    natAllowList: {
        "hub → spoke": [
            ["the registration names another server", registered, /^spoke DNS: /],
            ["the endpoint is private", isPrivate, /^hub route: leads to no private connection/],
            ["a hub subnet has no table", without("hub", /Association .*private-\S*b/), /^hub route table: /],
            [
                "a hub table has no default route",
                without("hub", /Route .*private-\S*c/),
                /^hub route: .* 0\.0\.0\.0\/0/,
            ],
            ["a NAT gateway is missing", without("hub", /natGateway:.*1a/), /^hub NAT gateway: /],
            ["a NAT gateway has no address", without("hub", /eip:.*1b/), /^hub NAT address: /],
            ["NAT gateways have no way out", without("hub", /Route .*public-default/), /^hub public route: /],
            [
                "the way out is another VPC's",
                changed("hub", /Gateway .*internet/, input("vpcId", "vpc-1")),
                /^hub internet/,
            ],
            ["the allow-list leaves out the hub", allow("203.0.113.0/24"), /^spoke allow-list: 198\.51\.100\.\d+\/32/],
        ],
        "spoke → Vault": [
            ["the spoke has no default route", without("spoke", /Route .*private-\S*a/), /^spoke route: /],
            ["the NAT gateway is missing", without("spoke", /natGateway:/), /^spoke NAT gateway: /],
            [
                "the name is an address",
                changed("spoke", /:vault /, input("address", "https://192.0.2.10")),
                /^Vault DNS: /,
            ],
            [
                "nobody learns the spoke's address",
                ({ spoke }) => (spoke.outputs.natPublicIps = []),
                /^Vault firewall: /,
            ],
        ],
        "Vault → spoke": [
            ["Vault is told another host", anotherHost, /^Vault's kubernetesHost: /],
            ["the allow-list leaves out Vault", allow("198.51.100.0/24"), /^spoke allow-list: 192\.0\.2\.10\/32/],
            ["the endpoint is private", isPrivate, /^spoke security group: /],
        ],
    },
    peering: {
        "hub → spoke": [
            ["the registration names another server", registered, /^spoke DNS: /],
            ["the endpoint is public", isPublic, /^spoke allow-list: /],
            [
                "a hub table has no route",
                without("spoke", /Route .*to-spoke-rtb-\w+$/),
                /^hub route: leads to no private/,
            ],
            [
                "the hub's routes are the spoke's account's",
                changed("spoke", /Route .*to-spoke/, bySpoke),
                /^hub route: /,
            ],
            ["the connection is missing", without("spoke", request), /^peering connection: /],
            [
                "the connection goes elsewhere",
                changed("spoke", request, input("peerVpcId", "vpc-1")),
                /^peering conn.* joins /,
            ],
            [
                "it asks another account",
                changed("spoke", request, input("peerOwnerId", "333333333333")),
                /^peering conn/,
            ],
            ["nobody accepts", without("spoke", accepter), /^peering accepter: /],
            [
                "the accepter does not accept",
                changed("spoke", accepter, input("autoAccept", false)),
                /^peering accepter: /,
            ],
            ["the spoke's account accepts", changed("spoke", accepter, bySpoke), /^peering accepter: /],
            ["the rule is missing", without("spoke", rule), /^spoke security group: /],
            [
                "the rule admits less",
                changed("spoke", rule, input("cidrIpv4", "10.0.0.0/24")),
                /^spoke security group: /,
            ],
            ["the rule admits another port", changed("spoke", rule, input("toPort", 80)), /^spoke security group: /],
            [
                "the rule is another group's",
                changed("spoke", rule, input("securityGroupId", "sg-1")),
                /^spoke security/,
            ],
            ["a spoke table has no route back", without("spoke", /Route .*to-hub-2/), /^spoke return route: /],
        ],
        "spoke → Vault": [
            ["a spoke table has no route", without("spoke", /Route .*to-hub-0/), /^spoke route to Vault: /],
            ["the hub has no route back", without("spoke", /Route .*to-spoke/), /^hub return route: /],
        ],
        "Vault → spoke": [
            ["Vault is told another host", anotherHost, /^Vault's kubernetesHost: /],
            ["the rule is missing", without("spoke", rule), /^spoke security group: 10\.0\.7\.0\/24/],
            ["a spoke table has no route back", without("spoke", /Route .*to-hub-1/), /^spoke return route: /],
            ["the hub has no route", without("spoke", /Route .*to-spoke/), /^hub route: /],
        ],
    },
    transitGateway: {
        "hub → spoke": [
            ["the endpoint is public", isPublic, /^spoke allow-list: /],
            ["a hub table has no route", without("hub", /Route .*transit-gateway-1/), /^hub route: /],
            ["the hub is not attached", without("hub", attachment), /^hub attachment: none/],
            [
                "the hub is attached in two zones of three",
                changed("hub", attachment, ({ inputs }) => (inputs.subnetIds as string[]).pop()),
                /^hub attachment: not in eu-west-1c/,
            ],
            ["the spoke is not attached", without("spoke", attachment), /^spoke attachment: none/],
            [
                "the spoke is at another gateway",
                changed("spoke", attachment, input("transitGatewayId", "tgw-1")),
                /^spoke attachment: none/,
            ],
            [
                "another VPC is attached",
                changed("spoke", attachment, input("vpcId", "vpc-1")),
                /^spoke attachment: none/,
            ],
            ["the rule is missing", without("spoke", /IngressRule:.*10\.0\.0\.0-16/), /^spoke security group: /],
            ["a spoke table has no route back", without("spoke", /Route .*-2-10\.0/), /^spoke return route: /],
        ],
        "spoke → Vault": [
            ["a spoke table has no route", without("spoke", /Route .*-0-10\.9/), /^spoke route to Vault: /],
            ["the spoke is not attached", without("spoke", attachment), /^spoke attachment: none/],
        ],
        "Vault → spoke": [
            ["the rule is missing", without("spoke", /IngressRule:.*10\.9\.0\.0-24/), /^spoke security group: 10\.9/],
            ["a spoke table has no route back", without("spoke", /Route .*-1-10\.9/), /^spoke return route: /],
        ],
    },
    "transitGateway without NAT": {
        "spoke → Vault": [
            ["a spoke table has no route", without("spoke", /Route .*-0-10\.9/), /^spoke route to Vault: /],
        ],
    },
    "peering with an adopted VPC": {
        "hub → spoke": [["a listed table has no route", without("spoke", /Route .*to-hub-1/), /^spoke return route: /]],
    },
};

describe("plan: a path with one hop broken", function () {
    this.timeout(60_000);
    for (const [mode, ofMode] of Object.entries(breaks)) {
        for (const walk of Object.keys(ofMode) as Walk[]) {
            for (const [what, change, hop] of ofMode[walk] ?? []) {
                it(`${mode}: ${walk} ends where ${what}`, async () => {
                    const plan = structuredClone(await plannedFleet(mode));
                    change(plan);
                    assert.throws(
                        () => walks[walk](sites(plan)),
                        (error) => {
                            assert.ok(error instanceof BrokenPath, String(error));
                            assert.match(error.message, hop);
                            return true;
                        },
                    );
                });
            }
        }
    }
});
