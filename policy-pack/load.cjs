// Pulumi loads a policy pack with require() through ts-node, which cannot import this repository's ES modules. tsx can,
// without checking types again. Registered last, it is the one that is asked.
require("tsx/cjs");
require("./index.ts");
