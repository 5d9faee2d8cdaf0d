import { expect, expectTypeOf, test } from "vitest";
import type * as call from "../protocol/call.ts";
import type * as host from "../protocol/host.ts";
import * as sdk from "./index.ts";
import type * as declared from "./softphone.d.ts";

// `softphone.d.ts` stands alone, for it is served to pages that have nothing else of this project. What it says must be
// what the protocol says; the compiler compares them here.

test("[S30] the declared types are those of the protocol", () => {
  expectTypeOf<declared.CrmRecord>().toEqualTypeOf<call.CrmRecord>();
  expectTypeOf<declared.CallSnapshot>().toEqualTypeOf<call.CallSnapshot>();
  expectTypeOf<declared.Disposition>().toEqualTypeOf<call.Disposition>();
  expectTypeOf<declared.FollowUp>().toEqualTypeOf<call.FollowUp>();
  expectTypeOf<declared.CallLog>().toEqualTypeOf<call.CallLog>();
  expectTypeOf<declared.LineSnapshot>().toEqualTypeOf<host.LineSnapshot>();
  expectTypeOf<declared.PhoneSnapshot>().toEqualTypeOf<host.PhoneSnapshot>();
  expectTypeOf<declared.RefusalCode>().toEqualTypeOf<host.RefusalCode>();
  expectTypeOf<declared.FailureCode>().toEqualTypeOf<host.FailureCode>();
  expectTypeOf<declared.SignIn>().toEqualTypeOf<Readonly<host.SignIn>>();
  expectTypeOf<declared.PlaceCall>().toEqualTypeOf<host.HostRequests["place-call"]["ask"]>();
  expectTypeOf<keyof declared.PhoneEvents>().toEqualTypeOf<host.HostEventType | "connected" | "disconnected" | "snapshot">();
  expectTypeOf<host.CommandType>().toExtend<keyof declared.Phone>();
});

type Told<T extends host.HostEventType> = Omit<Extract<host.HostEvent, { type: T }>, "type">;
type Same<T extends host.HostEventType> = { [K in keyof Told<T>]: Told<T>[K] };

test("[S31] every event hands over the payload that the phone tells", () => {
  expectTypeOf<{ [T in Exclude<host.HostEventType, "signed-out">]: declared.PhoneEvents[T] }>().toEqualTypeOf<{
    [T in Exclude<host.HostEventType, "signed-out">]: Same<T>;
  }>();
});

test("[S32] the library is what is declared, no more and no less", () => {
  expectTypeOf<typeof sdk.open>().toEqualTypeOf<typeof declared.open>();
  expectTypeOf<InstanceType<typeof sdk.SoftphoneError>>().toExtend<declared.SoftphoneError>();
  expectTypeOf<ConstructorParameters<typeof sdk.SoftphoneError>>().toEqualTypeOf<ConstructorParameters<typeof declared.SoftphoneError>>();
  expect(Object.keys(sdk).toSorted()).toEqual(["SoftphoneError", "open"]);
});
