/** One lead of the demo CRM. The last two digits of the number decide how the simulated customer behaves. */
export interface Lead {
  readonly id: string;
  readonly name: string;
  readonly company: string;
  readonly city: string;
  readonly stage: "New" | "Contacted" | "Proposal sent" | "Negotiation" | "Won";
  /** E.164. */
  readonly number: string;
  /** What the demo tells a person to expect of this number. */
  readonly behaves: string;
}

export const leads: readonly Lead[] = [
  {
    id: "L-1001",
    name: "Ravi Kumar",
    company: "Kaveri Textiles",
    city: "Bengaluru",
    stage: "Proposal sent",
    number: "+918000000001",
    behaves: "speaks",
  },
  {
    id: "L-1002",
    name: "Meera Nair",
    company: "Malabar Spices",
    city: "Kochi",
    stage: "Negotiation",
    number: "+918000000002",
    behaves: "echoes",
  },
  {
    id: "L-1003",
    name: "Farhan Sheikh",
    company: "Deccan Motors",
    city: "Hyderabad",
    stage: "New",
    number: "+918000000003",
    behaves: "stays silent",
  },
  {
    id: "L-1004",
    name: "Lakshmi Iyer",
    company: "Iyer & Daughters",
    city: "Chennai",
    stage: "Contacted",
    number: "+918000000004",
    behaves: "is busy",
  },
  {
    id: "L-1005",
    name: "Arjun Mehta",
    company: "Mehta Logistics",
    city: "Ahmedabad",
    stage: "New",
    number: "+918000000005",
    behaves: "does not answer",
  },
  {
    id: "L-1006",
    name: "Sunita Rao",
    company: "Rao Clinics",
    city: "Pune",
    stage: "Contacted",
    number: "+918000000006",
    behaves: "hangs up first",
  },
  {
    id: "L-1007",
    name: "Imran Qureshi",
    company: "Qureshi Exports",
    city: "Lucknow",
    stage: "Won",
    number: "+918000000007",
    behaves: "puts you on hold",
  },
  {
    id: "L-1008",
    name: "Divya Pillai",
    company: "Pillai Schools",
    city: "Kollam",
    stage: "Proposal sent",
    number: "+918000000008",
    behaves: "presses digits",
  },
  {
    id: "L-1009",
    name: "Gurpreet Singh",
    company: "Singh Farms",
    city: "Ludhiana",
    stage: "Negotiation",
    number: "+918000000011",
    behaves: "speaks",
  },
  { id: "L-1010", name: "Ananya Bose", company: "Bose Prints", city: "Kolkata", stage: "New", number: "+918000000012", behaves: "speaks" },
];

/** Leads whose number is this one, however it is written: the last ten digits decide, as Indian CRMs store them. */
export function leadsWithNumber(number: string): readonly Lead[] {
  const wanted = lastTen(number);
  return wanted.length < 10 ? [] : leads.filter((lead) => lastTen(lead.number) === wanted);
}

function lastTen(number: string): string {
  return number.replaceAll(/\D/g, "").slice(-10);
}
