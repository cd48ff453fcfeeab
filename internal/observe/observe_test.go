package observe_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/hash"
	"dalil/internal/observe"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/quota"
	"dalil/server"
	"dalil/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func build() observe.Build {
	return observe.Build{Version: "1.2.3", Commit: "abc", GoVersion: "go1.26"}
}

// scrape reads /metrics as Prometheus does.
func scrape(t testing.TB, m *observe.Metrics) map[string]*dto.MetricFamily {
	t.Helper()
	code, text := get(t, m.Handler(ready), "/metrics")
	if code != http.StatusOK {
		t.Fatalf("/metrics answers %d: %s", code, text)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return families
}

func get(t testing.TB, handler http.Handler, path string) (int, string) {
	t.Helper()
	return getFrom(t, handler, path, "127.0.0.1:4711", "localhost:7811")
}

// getFrom asks as a peer that calls the server by the name of host.
func getFrom(t testing.TB, handler http.Handler, path, peer, host string) (int, string) {
	t.Helper()
	recorder := httptest.NewRecorder()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	request.RemoteAddr, request.Host = peer, host
	handler.ServeHTTP(recorder, request)
	body, err := io.ReadAll(recorder.Body)
	if err != nil {
		t.Fatal(err)
	}
	return recorder.Code, string(body)
}

func ready(context.Context) error { return nil }

// value is a metric's value, or a histogram's count, at the labels given as
// "name=value".
func value(families map[string]*dto.MetricFamily, name string, labels ...string) float64 {
	for _, m := range families[name].GetMetric() {
		var held []string
		for _, l := range m.GetLabel() {
			held = append(held, l.GetName()+"="+l.GetValue())
		}
		slices.Sort(held)
		if wanted := slices.Sorted(slices.Values(labels)); slices.Equal(held, wanted) {
			if h := m.GetHistogram(); h != nil {
				return float64(h.GetSampleCount())
			}
			return m.GetCounter().GetValue() + m.GetGauge().GetValue()
		}
	}
	return -1
}

// exercised is Metrics of which every metric has something to tell.
func exercised(t *testing.T) *observe.Metrics {
	m := observe.New(build())
	m.Store(&shelf{stats: corpus.Stats{Documents: 5, Passages: 40, Terms: 900, DiskBytes: 1 << 20, UpdatedAt: time.Unix(1_700_000_000, 0)}})
	m.WatchQuotas(quotas{&shelf{}}, 1)
	m.WatchFailed(func() int { return 3 })
	m.WatchDisk(func() (free, size uint64, err error) { return 1 << 30, 1 << 40, nil })
	m.Answer(corpus.Answer{})
	m.HTTP([]string{"/v1/search"})("/v1/search", http.StatusOK, time.Millisecond)
	m.Receipt(t.Context(), corpus.Receipt{Outcome: corpus.Indexed})
	if _, err := m.Embedder(hash.New(hash.Options{})).Embed(t.Context(), embedder.Query, []string{"q"}); err != nil {
		t.Fatal(err)
	}
	m.CacheSeen(true)
	m.Expiry().Swept(t.Context(), time.Now(), nil)
	return m
}

// quotas is a store with tenants that have quotas.
type quotas struct{ store.Store }

func (quotas) Used() []quota.Used {
	return []quota.Used{
		{Tenant: "empty", Usage: corpus.Usage{Documents: 1}, Quota: corpus.Quota{Documents: 100}},
		{Tenant: "full", Usage: corpus.Usage{Documents: 2, Bytes: 90}, Quota: corpus.Quota{Bytes: 100}},
	}
}

// Only as many tenants as the setting allows have metrics, those with the least left.
func TestQuotasOfTenants(t *testing.T) {
	m := observe.New(build())
	for most, want := range map[int]string{0: "", 1: "full bytes 90", 5: "empty documents 1, full bytes 90"} {
		m.WatchQuotas(quotas{&shelf{}}, most)
		var got []string
		for _, one := range scrape(t, m)["dalil_quota_used"].GetMetric() {
			labels := map[string]string{}
			for _, l := range one.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			got = append(got, fmt.Sprint(labels["tenant"], " ", labels["resource"], " ", one.GetGauge().GetValue()))
		}
		slices.Sort(got)
		if strings.Join(got, ", ") != want {
			t.Errorf("at most %d tenants: got %q, want %q", most, got, want)
		}
	}
}

// usual reports whether a metric is one of the usual Go collectors'.
func usual(name string) bool {
	return strings.HasPrefix(name, "go_") || strings.HasPrefix(name, "process_")
}

func TestNamesAndHelpPassTheLinter(t *testing.T) {
	families := scrape(t, exercised(t))
	var ours []*dto.MetricFamily
	for name, family := range families {
		switch {
		case strings.HasPrefix(name, "dalil_"):
			ours = append(ours, family)
		case !usual(name): // how the runtime's are named is not ours to choose
			t.Errorf("%s begins neither with dalil_ nor with go_ or process_", name)
		}
	}
	problems, err := promlint.NewWithMetricFamilies(ours).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestTheTableNamesExactlyWhatThereIs(t *testing.T) {
	page, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\| `(dalil_[a-z_]+)` \\| ([a-z]+) \\|")
	documented := map[string]string{}
	for _, match := range row.FindAllStringSubmatch(string(page), -1) {
		documented[match[1]] = match[2]
	}
	held := map[string]string{}
	for name, family := range scrape(t, exercised(t)) {
		if !usual(name) {
			held[name] = strings.ToLower(family.GetType().String())
		}
	}
	if diff := cmp.Diff(documented, held); diff != "" {
		t.Errorf("metrics (-docs/metrics.md +code):\n%s", diff)
	}
}

// TestSeriesDoNotGrowWithQuestions asks what nobody asked before, with ids,
// tokens and methods that are new each time, over the real wire.
func TestSeriesDoNotGrowWithQuestions(t *testing.T) {
	m := exercised(t)
	m.Embedder(broken{}).Embed(t.Context(), embedder.Query, []string{"q"})
	client, connection := serve(t, m)
	ask := func(i int) {
		text := fmt.Sprintf("question-%d", i)
		client.Search(t.Context(), &dalilv1.SearchRequest{Query: text})
		if i%10 == 0 {
			client.Search(t.Context(), &dalilv1.SearchRequest{Query: text, PageToken: text})
			connection.Invoke(t.Context(), "/dalil.v1.SearchService/"+text, &dalilv1.SearchRequest{}, &dalilv1.SearchResponse{})
			m.Receipt(t.Context(), corpus.Receipt{DocumentID: text, Source: text, Outcome: corpus.Failed, Err: fmt.Errorf("%s: %w", text, corpus.ErrInvalid)})
			m.Embedder(broken{}).Embed(t.Context(), embedder.Query, []string{text})
		}
	}
	count := func() (n int) {
		for name, family := range scrape(t, m) {
			if !usual(name) { // the runtime's sizes come and go
				n += len(family.GetMetric())
			}
		}
		return n
	}
	for i := range 20 {
		ask(i)
	}
	before := count()
	const asked = 500
	for i := range asked {
		ask(1000 + i)
	}
	if after := count(); after != before {
		t.Errorf("%d series became %d with %d questions", before, after, asked)
	}
	_, text := get(t, m.Handler(ready), "/metrics")
	if strings.Contains(text, "question-") {
		t.Error("the metrics tell what was asked")
	}
	families := scrape(t, m)
	search := []string{"service=dalil.v1.SearchService", "method=Search"}
	if got, want := value(families, "dalil_grpc_requests_total", append(search, "code=OK")...), float64(20+asked); got != want {
		t.Errorf("%v searches are counted, want %v", got, want)
	}
	if got, want := value(families, "dalil_grpc_requests_total", "service=unknown", "method=unknown", "code=Unimplemented"), float64(2+asked/10); got != want {
		t.Errorf("%v unknown methods are counted, want %v", got, want)
	}
}

// serve runs a real server whose calls m counts.
func serve(t *testing.T, m *observe.Metrics) (dalilv1.SearchServiceClient, *grpc.ClientConn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := fake{metrics: m}
	s := server.New(server.Deps{Searcher: h, Ingester: h, Documents: h, Admin: h}, server.Options{
		ObserveUnary: m.UnaryInterceptor(10 * time.Second), ObserveStream: m.StreamInterceptor(),
	})
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, listener) }()
	connection, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		connection.Close()
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return dalilv1.NewSearchServiceClient(connection), connection
}
