/** What crosses a boundary of the fleet, declared once. Other teams import from here. */
export * from "./cluster-secret.ts";
export * from "./fleet-member.ts";
export * from "./fleet-stack.ts";
export * from "./hub-network.ts";
export * from "./names.ts";
export * from "./registration-secret.ts";
export * from "./stack-outputs.ts";
export * from "./table.ts";
