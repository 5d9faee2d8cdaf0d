import { expect, test } from "../support/test.ts";

test.describe("signing in", () => {
  test("an agent who types the four fields is registered once and reads Ready", async ({ phone, agent, control }) => {
    await phone.signIn(agent);
    await phone.expectReady();
    expect((await control.agent(agent.user)).contacts).toHaveLength(1);
  });

  test("a wrong password is said, and is not tried for ever", async ({ phone, agent, control }) => {
    await phone.signIn({ ...agent, password: "not-it" });
    await phone.expectCredentialsRefused();
    expect((await control.agent(agent.user)).contacts).toEqual([]);
    const tries = async (): Promise<number> =>
      (await control.sipLog()).filter(
        (entry) => entry.direction === "in" && entry.message.includes(`sip:${agent.user}@`) && entry.message.startsWith("REGISTER"),
      ).length;
    const before = await tries();
    // The vendor's client tries again every five seconds unless it is stopped.
    await phone.page.waitForTimeout(6_000);
    expect(await tries()).toBe(before);

    await phone.signIn(agent);
    await phone.expectReady();
  });

  test("the password is in no storage, address or log that a page can read", async ({ phone, agent }) => {
    await phone.signIn(agent);
    await phone.expectReady();
    const kept = await phone.frame().evaluate(async () => {
      const databases = await Promise.all(
        (await indexedDB.databases()).map(async ({ name }) => {
          const database = await new Promise<IDBDatabase>((resolve, reject) => {
            const open = indexedDB.open(name ?? "");
            open.onsuccess = () => resolve(open.result);
            open.onerror = () => reject(open.error);
          });
          const rows = await Promise.all(
            [...database.objectStoreNames].map(
              (store) =>
                new Promise<unknown[]>((resolve, reject) => {
                  const all = database.transaction(store).objectStore(store).getAll();
                  all.onsuccess = () => resolve(all.result);
                  all.onerror = () => reject(all.error);
                }),
            ),
          );
          database.close();
          return rows;
        }),
      );
      return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, databases, location.href, document.cookie]);
    });
    expect(kept).not.toContain(agent.password);
  });
});
