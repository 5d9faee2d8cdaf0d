/** For what fails because its call has ended meanwhile, and the audio with it. */
export function ignore(): void {}
