// Runs on whatever Node is there, so it uses nothing new: `--ignore-scripts` leaves the pinned Node without its binary.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `This project runs on Node 22.12 or newer; this is ${process.version}.\n` +
      "Run `npm ci` without --ignore-scripts: it installs Node 24 beside the other packages, and every npm script then uses it.\n",
  );
  process.exit(1);
}
