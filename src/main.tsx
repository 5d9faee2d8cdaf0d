import "./app/early.ts";
// Once for the whole program: without it components render once and never follow a signal.
import "@preact/signals";
import { boot } from "./app/boot.tsx";

const root = document.getElementById("phone");
if (root) void boot(root);
