// Builds the viewer into the Python package: one script, one stylesheet, the licences of what is in them, and a
// manifest that says from which sources, so that a test without Node can tell whether they are up to date.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../tercet/viewing/assets");
mkdirSync(out, { recursive: true });

const result = await build({
  absWorkingDir: here,
  entryPoints: { viewer: "src/main.tsx", style: "src/style/all.css" },
  outdir: out,
  entryNames: "[name]",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  charset: "ascii",
  legalComments: "none",
  jsx: "automatic",
  jsxImportSource: "preact",
  metafile: true,
  logLevel: "warning",
  write: false,
});

const outputs = new Map(result.outputFiles.map((file) => [relative(out, file.path), Buffer.from(file.contents)]));
refuse("viewer.js", /<\/script|<!--/i);
refuse("style.css", /<\/style|<!--|@import|url\(\s*["']?(?!data:)/i);

const packages = bundledPackages(Object.keys(result.metafile.inputs));
outputs.set("LICENSES.txt", Buffer.from(licences(packages)));
for (const [name, bytes] of outputs) writeFileSync(join(out, name), bytes);
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest(), null, 2)}\n`);

/** What would end the element that holds the file, or load something from elsewhere, must not be in it. */
function refuse(name, pattern) {
  const found = pattern.exec(outputs.get(name).toString("utf8"));
  if (found) throw new Error(`${name} must not hold '${found[0]}': it stands inside of the report's HTML.`);
}

/** The packages that inputs come from, one for each folder: two versions of a package are two. */
function bundledPackages(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
    if (folder) folders.add(folder);
  }
  const found = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(here, folder, "package.json"), "utf8"));
    return { name, version, license, text: licenceText(folder) };
  });
  const unique = new Map(found.map((item) => [`${item.name}@${item.version}`, item]));
  return [...unique.values()].sort((a, b) => compare(`${a.name}@${a.version}`, `${b.name}@${b.version}`));
}

/** The files in which a package states its licence, whole. */
function licenceText(folder) {
  const files = readdirSync(join(here, folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  if (files.length === 0) throw new Error(`${folder} has no file with its licence; do not ship it without.`);
  return files
    .sort(compare)
    .map((file) =>
      readFileSync(join(here, folder, file), "utf8")
        .replaceAll("\r\n", "\n")
        .trim(),
    )
    .join("\n\n");
}

function licences(packages) {
  const rule = "=".repeat(80);
  const head = "What viewer.js is made of, besides tercet itself, and under which licences.\n";
  return (
    head +
    packages
      .map((item) => `\n${rule}\n${item.name} ${item.version} (${item.license})\n${rule}\n\n${item.text}\n`)
      .join("")
  );
}

function manifest() {
  const files = ["package.json", "package-lock.json", "build.mjs", "tsconfig.json", ...filesUnder("src")].sort(compare);
  return {
    packages: Object.fromEntries(versions()),
    sources: Object.fromEntries(files.map((file) => [file, sha256(readFileSync(join(here, file)))])),
    outputs: Object.fromEntries(
      [...outputs].sort(([a], [b]) => compare(a, b)).map(([file, bytes]) => [file, sha256(bytes)]),
    ),
  };
}

/** name -> version; where a package is there twice, its versions joined. */
function versions() {
  const found = new Map();
  for (const { name, version } of packages)
    found.set(name, found.has(name) ? `${found.get(name)}, ${version}` : version);
  return found;
}

function filesUnder(folder) {
  return readdirSync(join(here, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(here, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/** By code units: the same order wherever it is built. */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
