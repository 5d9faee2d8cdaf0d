/**
 * Counters, gauges and histograms in Prometheus' text format (version 0.0.4). Few enough that a library would be more
 * code than this.
 */
export interface Metrics {
  /** @param labels few values each: never an id, a number or an address. */
  count(name: CounterName, labels?: Labels): void;
  observe(name: HistogramName, seconds: number, labels?: Labels): void;
  /** Asked at every scrape. */
  gauge(name: GaugeName, read: () => number | Promise<number>): void;
  render(): Promise<string>;
}

type Labels = Readonly<Record<string, string>>;

const COUNTERS = {
  gateway_http_requests_total: "Requests answered, by route and status class",
  gateway_callbacks_total: "Callbacks of Exotel, by kind and whether they were new",
  gateway_deliveries_total: "Deliveries to the CRM, by kind and result",
  gateway_orphans_total: "Calls that every page had left, by what became of them",
  gateway_sign_ins_total: "Sign-ins, by way and result",
} as const;
const HISTOGRAMS = {
  gateway_http_seconds: "Time to answer a request, by route",
  gateway_exotel_seconds: "Time until Exotel answered, by request",
} as const;
const GAUGES = {
  gateway_outbox_waiting: "Deliveries not done yet",
  gateway_outbox_dead: "Deliveries given up, to be replayed by a person",
  gateway_agent_streams: "Agents' open event streams on this process",
} as const;

type CounterName = keyof typeof COUNTERS;
type HistogramName = keyof typeof HISTOGRAMS;
type GaugeName = keyof typeof GAUGES;

/** Upper bounds, seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Histogram {
  readonly labels: Labels;
  readonly buckets: number[];
  sum: number;
  count: number;
}

export function createMetrics(): Metrics {
  const counters = new Map<CounterName, Map<string, number>>();
  const histograms = new Map<HistogramName, Map<string, Histogram>>();
  const gauges = new Map<GaugeName, () => number | Promise<number>>();
  return {
    count(name, labels = {}) {
      const series = counters.get(name) ?? new Map<string, number>();
      counters.set(name, series.set(text(labels), (series.get(text(labels)) ?? 0) + 1));
    },
    observe(name, seconds, labels = {}) {
      const series = histograms.get(name) ?? new Map<string, Histogram>();
      const histogram = series.get(text(labels)) ?? { labels, buckets: BUCKETS.map(() => 0), sum: 0, count: 0 };
      BUCKETS.forEach((bound, index) => {
        if (seconds <= bound) histogram.buckets[index] = (histogram.buckets[index] ?? 0) + 1;
      });
      histogram.sum += seconds;
      histogram.count += 1;
      histograms.set(name, series.set(text(labels), histogram));
    },
    gauge(name, read) {
      gauges.set(name, read);
    },
    async render() {
      const lines: string[] = [];
      for (const [name, series] of counters) {
        lines.push(...head(name, COUNTERS[name], "counter"), ...[...series].map(([labels, value]) => `${name}${labels} ${value}`));
      }
      for (const [name, series] of histograms) {
        lines.push(...head(name, HISTOGRAMS[name], "histogram"), ...[...series.values()].flatMap((histogram) => rows(name, histogram)));
      }
      for (const [name, read] of gauges) lines.push(...head(name, GAUGES[name], "gauge"), `${name} ${await read()}`);
      return `${lines.join("\n")}\n`;
    },
  };
}

function head(name: string, help: string, type: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function rows(name: string, { labels, buckets, sum, count }: Histogram): string[] {
  return [
    ...BUCKETS.map((bound, index) => `${name}_bucket${text({ ...labels, le: String(bound) })} ${buckets[index]}`),
    `${name}_bucket${text({ ...labels, le: "+Inf" })} ${count}`,
    `${name}_sum${text(labels)} ${sum}`,
    `${name}_count${text(labels)} ${count}`,
  ];
}

function text(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replaceAll(/["\\\n]/g, "_")}"`);
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
}
