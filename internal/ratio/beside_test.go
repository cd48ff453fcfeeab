package ratio

import (
	"bufio"
	"cmp"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	dalilv1 "dalil/proto/dalil/v1"
	"dalil/store"
)

// series are all numbers of the metrics of a server at one time.
type series map[string]float64

func (p *process) series(b *testing.B) series {
	b.Helper()
	response, err := http.Get("http://" + p.admin + "/metrics")
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	s := series{}
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if at := strings.LastIndexByte(lines.Text(), ' '); at > 0 && lines.Text()[0] != '#' {
			if n, err := strconv.ParseFloat(lines.Text()[at+1:], 64); err == nil {
				s[lines.Text()[:at]] = n
			}
		}
	}
	return s
}

// bucket is one bucket of a histogram: how many values were at most the bound.
type bucket struct{ bound, n float64 }

// grown returns by how much the buckets of a histogram grew from s to later. The labels are
// those before le, with a comma at the end.
func (s series) grown(later series, name, labels string) (buckets []bucket) {
	prefix := name + "_bucket{" + labels + `le="`
	for key, n := range later {
		if bound, found := strings.CutPrefix(key, prefix); found {
			x, err := strconv.ParseFloat(strings.TrimSuffix(bound, `"}`), 64)
			if err == nil {
				buckets = append(buckets, bucket{x, n - s[key]})
			}
		}
	}
	slices.SortFunc(buckets, func(x, y bucket) int { return cmp.Compare(x.bound, y.bound) })
	return buckets
}

// quantile returns the bound in milliseconds that a share of the values do not exceed.
func quantile(buckets []bucket, share float64) float64 {
	if len(buckets) == 0 {
		return math.NaN()
	}
	for _, one := range buckets {
		if one.n >= share*buckets[len(buckets)-1].n {
			return 1000 * one.bound
		}
	}
	return math.Inf(1)
}

// happened prints what the server did between two times: collections of garbage, waits for
// a processor, and the steps of the writes.
func happened(b *testing.B, from, to series, took time.Duration) {
	by := func(key string) float64 { return to[key] - from[key] }
	pauses, waits := from.grown(to, "go_sched_pauses_total_gc_seconds", ""), from.grown(to, "go_sched_latencies_seconds", "")
	b.Logf("    %.2f processors, %.0f MB/s allocated; %.0f collections of garbage, paused %.2f ms together, longest at most %.2f ms; a goroutine waits for a processor: p99 %.2f ms, p99.9 %.2f ms",
		by("process_cpu_seconds_total")/took.Seconds(), by("go_memstats_alloc_bytes_total")/took.Seconds()/1e6,
		by("go_gc_duration_seconds_count"), 1000*by("go_gc_duration_seconds_sum"), quantile(pauses, 1), quantile(waits, .99), quantile(waits, .999))
	const method = `method="Search",service="dalil.v1.SearchService"`
	const handled = "dalil_grpc_request_duration_seconds"
	b.Logf("    in the server a search took %.2f ms (mean), p99 at most %.1f ms", 1000*by(handled+"_sum{"+method+"}")/by(handled+"_count{"+method+"}"),
		quantile(from.grown(to, handled, method+","), .99))
	for _, step := range store.Steps() {
		labels := `step="` + string(step) + `"`
		const name = "dalil_store_step_duration_seconds"
		if n := by(name + "_count{" + labels + "}"); n > 0 {
			sum := 1000 * by(name+"_sum{"+labels+"}")
			b.Logf("    %-11s %5.0f times, mean %7.2f ms, together %6.0f ms, longest at most %.1f ms", step, n, sum/n, sum, quantile(from.grown(to, name, labels+","), 1))
		}
	}
}

// asking is a question that was answered.
type asking struct {
	took   time.Duration
	stages map[string]time.Duration
}

func answeredIn(began time.Time, answer *dalilv1.SearchResponse) asking {
	a := asking{time.Since(began), map[string]time.Duration{}}
	rest := a.took
	for _, t := range answer.GetTimings() {
		a.stages[strings.TrimPrefix(t.GetStage().String(), "STAGE_")] += t.GetDuration().AsDuration()
		rest -= t.GetDuration().AsDuration()
	}
	a.stages["outside"] = rest
	return a
}

// stages prints the mean times of the stages of some questions.
func stages(b *testing.B, name string, some []asking) {
	sums := map[string]time.Duration{}
	for _, a := range some {
		for stage, d := range a.stages {
			sums[stage] += d
		}
	}
	var text strings.Builder
	for _, stage := range slices.Sorted(maps.Keys(sums)) {
		text.WriteString("  " + strings.ToLower(stage) + " " + strconv.FormatFloat(ms(sums[stage]/time.Duration(len(some))), 'f', 2, 64))
	}
	b.Logf("    %s, mean ms of each stage:%s", name, text.String())
}
