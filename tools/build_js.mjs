/**
 * Packs the browser's half: each app/static/js/*.js and app/static/css/*.css into one file of the same name in
 * app/static/dist. Deeper folders, and what another file imports, are parts and get no file of their own.
 * `node tools/build_js.mjs` writes, `--check` compares. Beside dist lies the list of what browsers are sent, by its SHA-256.
 *
 * The result is committed, so that running Palabre needs no Node; the same sources and package-lock.json always give
 * the same bytes, so CI can prove that what is committed is what was reviewed.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const DIST = join(ROOT, "app/static/dist");
const PICTURES = join(ROOT, "app/static/img");
const RELEASE = join(ROOT, "app/static/release.sha256");

const fresh = await pack([...entries("app/static/js", ".js"), ...entries("app/static/css", ".css")]);
if (process.argv.includes("--check")) check(fresh);
else write(fresh);

/** @param {string} folder @param {string} ending */
function entries(folder, ending) {
  const path = join(ROOT, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path).filter((name) => name.endsWith(ending)).sort().map((name) => `${folder}/${name}`);
}

/**
 * The files of dist, by name. Each script is packed on its own, so that no page waits for what another one needs; what it
 * asks for with import() goes into files beside it, which come after the first screen.
 * @param {string[]} entryPoints
 * @returns {Promise<Map<string, string>>}
 */
async function pack(entryPoints) {
  /** @type {Map<string, string>} */
  const files = new Map();
  const packed = await Promise.all(entryPoints.map(packOne));
  const inputs = packed.flatMap(({ metafile }) => Object.entries(metafile.inputs));
  const imported = new Set(inputs.flatMap(([, { imports }]) => imports.map(({ path }) => path)));
  packed.forEach(({ outputFiles }, place) => {
    if (imported.has(entryPoints[place])) return;
    for (const file of outputFiles) files.set(basename(file.path), file.text);
  });
  if (files.size) files.set("LICENSES.txt", licences([...new Set(inputs.map(([path]) => path))].sort()));
  return files;
}

/** @param {string} entryPoint */
function packOne(entryPoint) {
  return build({
    absWorkingDir: ROOT,
    entryPoints: [entryPoint],
    outdir: DIST,
    entryNames: "[name]",
    chunkNames: "[name]-[hash]",
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: "esm", // loaded as <script type="module">
    splitting: true,
    target: ["es2020", "chrome87", "firefox85", "safari14.1"], // phones of 2020; lowers nested CSS too
    charset: "utf8",
    legalComments: "none", // LICENSES.txt instead, once for all pages
    plugins: [{ name: "addresses", setup: leaveAddresses }],
    logLevel: "warning",
  }).catch(() => process.exit(1)); // esbuild has printed what is wrong, and where
}

/**
 * url(...) in a stylesheet stays as it is written: relative to dist, which is a sibling of css. And what our
 * server does not speak stays out, one transport and anything binary: a phone should not fetch it.
 * @param {import("esbuild").PluginBuild} bundler
 */
function leaveAddresses(bundler) {
  bundler.onLoad({ filter: /engine\.io-client\/.*\/webtransport\.js$/ }, () => ({ contents: "export class WT {}" }));
  bundler.onLoad({ filter: /engine\.io-parser\/.*\/base64-arraybuffer\.js$/ }, () => ({ contents: "export const decode = () => undefined;" }));
  bundler.onResolve({ filter: /./ }, ({ kind, path }) => (kind === "url-token" ? { path, external: true } : undefined));
}

/**
 * The licence text of every npm package that went into a bundle; each of them asks for it.
 * @param {string[]} inputs
 */
function licences(inputs) {
  const packages = new Set(inputs.map((path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]).filter((path) => path !== undefined));
  const texts = [...packages].sort().map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(join(ROOT, path, "package.json"), "utf8"));
    const file = readdirSync(join(ROOT, path)).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} ships no licence text: add it by hand or replace the package.`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(ROOT, path, file), "utf8").replaceAll("\r", "").trim()}\n`;
  });
  return ["The scripts in this folder contain these packages.\n", ...texts].join(`\n${"-".repeat(80)}\n\n`);
}

/**
 * Every file of dist and img with its hash, as `sha256sum` writes it: published with the release (app/release.py).
 * @param {Map<string, string>} files
 */
function released(files) {
  const pictures = readdirSync(PICTURES).map((name) => [`img/${name}`, readFileSync(join(PICTURES, name))]);
  const all = [...[...files].map(([name, text]) => [`dist/${name}`, text]), ...pictures];
  const lines = all.map(([name, content]) => [name, createHash("sha256").update(content).digest("hex")]);
  return lines.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, hash]) => `${hash}  ${name}\n`).join("");
}

/** @param {Map<string, string>} files */
function write(files) {
  rmSync(DIST, { recursive: true, force: true });
  mkdirSync(DIST, { recursive: true });
  writeFileSync(RELEASE, released(files));
  for (const [name, text] of files) {
    writeFileSync(join(DIST, name), text);
    console.log(`app/static/dist/${name}  ${(Buffer.byteLength(text) / 1024).toFixed(1)} KiB`);
  }
}

/** @param {Map<string, string>} files */
function check(files) {
  const committed = existsSync(DIST) ? readdirSync(DIST) : [];
  const stale = [...files.keys()].filter((name) => !committed.includes(name) || readFileSync(join(DIST, name), "utf8") !== files.get(name));
  const left = committed.filter((name) => !files.has(name));
  if (!existsSync(RELEASE) || readFileSync(RELEASE, "utf8") !== released(files)) stale.push("release.sha256");
  if (stale.length + left.length === 0) return;
  console.error(`app/static/dist is not what its sources give (${[...stale, ...left].join(", ")}): run \`make js\` and commit the result.`);
  process.exit(1);
}
