// Prints the blocks of each Terraform file in the directory named, as JSON.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@cdktf/hcl2json";

const directory = process.argv[2];
const files = readdirSync(directory).filter(name => name.endsWith(".tf")).sort();
console.log(JSON.stringify(await Promise.all(files.map(name => parse(name, readFileSync(join(directory, name), "utf8"))))));
