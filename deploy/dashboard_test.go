package deploy

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// board is the part of a Grafana dashboard that asks questions.
type board struct {
	UID        string
	Templating struct {
		List []struct {
			Name, Type string
			Current    struct{ Value any }
		}
	}
	Panels []struct {
		ID          int
		Type, Title string
		Targets     []struct {
			Expr       string
			Datasource struct{ UID string }
		}
	}
}

func dashboard(t *testing.T) board {
	t.Helper()
	var b board
	if err := json.Unmarshal([]byte(read(t, "grafana/dashboards/dalil.json")), &b); err != nil {
		t.Fatal(err)
	}
	seen := map[int]bool{}
	for _, p := range b.Panels {
		if seen[p.ID] || (p.Type == "row") != (len(p.Targets) == 0) {
			t.Errorf("panel %d %q: its number is taken, or it asks nothing", p.ID, p.Title)
		}
		seen[p.ID] = true
	}
	if len(b.Panels) < 20 || b.UID != "dalil" {
		t.Fatalf("dashboard %q has %d panels", b.UID, len(b.Panels))
	}
	return b
}

// series are the names of Dalil's series that an expression asks for.
var series = regexp.MustCompile(`\b(?:dalil|go|process)_[a-z0-9_]+\b`)

// TestNamesAreExported needs no Prometheus: what the dashboard and the alerts
// ask for is on the metrics page of a Dalil that has had some work.
func TestNamesAreExported(t *testing.T) {
	r := start(t, "DALIL_STORE_NAME=local", "DALIL_QUOTA_DOCUMENTS=1000000", "DALIL_METRICS_TENANTS=10") // Qdrant does not report its disk
	r.traffic(t, 0)
	var page []byte
	for until := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		code, got, err := get(t.Context(), "http://"+r.admin+"/metrics")
		if err != nil || code != 200 {
			t.Fatal(code, err)
		}
		// A request over HTTP is counted after its client has the answer.
		if page = got; strings.Contains(string(page), "dalil_http_requests_total{") || time.Now().After(until) {
			break
		}
	}
	exported := map[string]bool{}
	for _, line := range strings.Split(string(page), "\n") {
		exported[series.FindString(strings.TrimPrefix(line, "#"))] = !strings.HasPrefix(line, "#") || exported[series.FindString(line)]
	}
	asked := 0
	check := func(where, expression string) {
		for _, name := range series.FindAllString(expression, -1) {
			asked++
			if !exported[name] {
				t.Errorf("%s asks for %s, which is not exported", where, name)
			}
		}
	}
	for _, panel := range dashboard(t).Panels {
		for _, target := range panel.Targets {
			check("panel "+panel.Title, target.Expr)
		}
	}
	check("alerts.yml", regexp.MustCompile(`(?m)^\s*(#|summary|look).*$`).ReplaceAllString(read(t, "prometheus/alerts.yml"), ""))
	if asked < 30 {
		t.Errorf("only %d names were looked at", asked)
	}
}

func TestRules(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed; it comes with Prometheus")
	}
	if out, err := exec.Command(promtool, "check", "config", "prometheus/prometheus.yml").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := exec.Command(promtool, "test", "rules", "prometheus/alerts_test.yml").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// known is what must be true of the traffic, as expressions that are empty
// where it is not: one question of four finds nothing, one is refused, one
// document can't be parsed, and one is new in each round.
var known = []string{
	`sum(rate(dalil_search_zero_results_total[20s])) / sum(rate(dalil_search_results_count[20s])) > 0 < 1`,
	`sum(rate(dalil_grpc_requests_total{method="Search", code="InvalidArgument"}[20s])) > 0`,
	`sum(rate(dalil_ingest_documents_total{outcome="failed"}[20s])) > 0`,
	`sum(rate(dalil_ingest_documents_total{outcome="indexed"}[20s])) > 0`,
	`sum(rate(dalil_embedder_cache_requests_total{result="hit"}[20s])) > 0`,
	`dalil_index_documents > 6`,
	`up{job="dalil"} == 1`,
	`sum(rate(dalil_grpc_requests_total{service="grpc.health.v1.Health"}[20s])) >= 0`,
}

// panelTimeout is how long a panel may stay empty: some scrapes, on a busy machine.
const panelTimeout = 60 * time.Second

// TestNoPanelIsEmpty lets a Prometheus with the configuration of the compose
// file, but for the addresses and the pace, scrape a Dalil at work, and asks it
// what Grafana would.
func TestNoPanelIsEmpty(t *testing.T) {
	binary, err := exec.LookPath("prometheus")
	if err != nil {
		t.Skip("prometheus is not installed, so the panels are not asked; TestNamesAreExported has looked at their names")
	}
	r := start(t, "DALIL_QUOTA_DOCUMENTS=1000000", "DALIL_METRICS_TENANTS=10")
	api := prometheus(t, binary, r.admin)
	expressions := slices.Clone(known)
	for _, panel := range dashboard(t).Panels {
		for _, target := range panel.Targets {
			expressions = append(expressions, target.Expr)
		}
	}
	for round, late := 0, time.Now().Add(panelTimeout); ; round++ {
		r.traffic(t, round)
		var empty []string
		for _, expression := range expressions {
			values, err := ask(t.Context(), api, strings.NewReplacer("$__rate_interval", "20s", "$instance", ".*").Replace(expression))
			if err != nil {
				t.Fatal(err)
			}
			if len(values) == 0 {
				empty = append(empty, expression)
			}
		}
		if len(empty) == 0 {
			return
		}
		if time.Now().After(late) {
			t.Fatalf("still empty after %v:\n%s", panelTimeout, strings.Join(empty, "\n"))
		}
		time.Sleep(time.Second) // one scrape
	}
}

// prometheus runs one with the committed configuration and returns its address.
func prometheus(t *testing.T, binary, admin string) string {
	t.Helper()
	dir := t.TempDir()
	pace := regexp.MustCompile(`(?m)^(  (?:scrape|evaluation)_interval:) .*$`)
	config := pace.ReplaceAllString(strings.ReplaceAll(read(t, "prometheus/prometheus.yml"), "dalil:7811", admin), "$1 1s")
	config = strings.ReplaceAll(config, "qdrant:6333", "127.0.0.1:6333") // up or down: both are an answer
	for name, text := range map[string]string{"prometheus.yml": config, "alerts.yml": read(t, "prometheus/alerts.yml")} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	var log strings.Builder
	c := exec.Command(binary, "--config.file="+filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address="+address)
	c.Stdout, c.Stderr = &log, &log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	t.Cleanup(func() {
		c.Process.Signal(syscall.SIGTERM)
		<-ended
	})
	for late := time.After(panelTimeout); ; {
		if code, _, err := get(t.Context(), "http://"+address+"/-/ready"); err == nil && code == 200 {
			return address
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("prometheus: %v\n%s", err, log.String())
		case <-late:
			t.Fatal("prometheus does not become ready")
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// ask returns the values of an instant query, without those that are no number.
func ask(ctx context.Context, api, expression string) ([]float64, error) {
	code, text, err := get(ctx, "http://"+api+"/api/v1/query?query="+url.QueryEscape(expression))
	if err != nil {
		return nil, err
	}
	var answer struct {
		Data struct{ Result []struct{ Value [2]any } }
	}
	if err := json.Unmarshal(text, &answer); err != nil || code != 200 {
		return nil, fmt.Errorf("%s: %d %s", expression, code, text)
	}
	var values []float64
	for _, r := range answer.Data.Result {
		text, _ := r.Value[1].(string)
		if v, err := strconv.ParseFloat(text, 64); err == nil && v == v {
			values = append(values, v)
		}
	}
	return values, nil
}
