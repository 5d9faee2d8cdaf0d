// What shows a phone that runs: a chunk of its own, because the line goes before its picture.
export { App } from "../ui/App.tsx";
export { StatusBar } from "../ui/StatusBar.tsx";
