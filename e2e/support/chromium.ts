/**
 * How Chromium is started for a call without a person, a microphone or a network.
 *
 * @param microphone.device a microphone that beeps once a second; without it the machine's own are there, if any.
 * @param microphone.allowed nobody is asked, everybody who may ask gets the microphone.
 */
export function chromiumArguments(microphone: { readonly device: boolean; readonly allowed: boolean }): string[] {
  return [
    ...(microphone.device ? ["--use-fake-device-for-media-stream"] : []),
    ...(microphone.allowed ? ["--use-fake-ui-for-media-stream"] : []),
    "--no-sandbox",
    "--disable-background-networking",
    // The last list wins. Playwright's own switches partitioned storage off, and a frame in a CRM has no other: what a
    // browser that blocks third-party cookies then leaves of locks and databases is nothing.
    "--disable-features=AvoidUnnecessaryBeforeUnloadCheckSync,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,PaintHolding,Translate",
    // Without it no candidate is gathered on a machine that has only the loopback interface.
    "--allow-loopback-in-peer-connection",
  ];
}
