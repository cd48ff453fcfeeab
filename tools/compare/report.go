package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// report is the result of a run.
type report struct {
	date      time.Time
	machine   string
	passages  int
	questions int
	exact     int // how many of the questions the recall is computed from
	text      string
	systems   []*loaded
	missing   []missing
}

// missing is a system that is left out, with the reason.
type missing struct{ name, reason string }

// unknown is printed where something cannot be measured.
const unknown = "–"

// markdown is the report as it is in docs/performance.md.
func (r *report) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s on %s: %d passages (%s), %d questions. Recall is that of the first %d questions.\n\n",
		r.date.UTC().Format("2006-01-02"), r.machine, r.passages, r.text, r.questions, r.exact)
	fmt.Fprintf(&b, "| system | question | p50 | p99 | CPU | answers a second, %d callers | recall@10 | load: time, CPU | memory: private, mapped | disk |\n", callers)
	b.WriteString("|---|---|---|---|---|---|---|---|---|---|\n")
	for _, s := range r.systems {
		for i, m := range s.ways {
			name, rest := "", " | | |"
			if i == 0 {
				name, rest = s.name, " "+s.totals()
			}
			fmt.Fprintf(&b, "| %s | %s |%s\n", name, m.cells(s.Process() != 0), rest)
		}
	}
	b.WriteByte('\n')
	for _, s := range r.systems {
		fmt.Fprintf(&b, "- %s\n", s.About())
	}
	for _, m := range r.missing {
		fmt.Fprintf(&b, "- Left out: %s, because %s.\n", m.name, m.reason)
	}
	return b.String()
}

// cells are the cells of one way to ask.
func (m *measured) cells(here bool) string {
	n := time.Duration(len(m.times))
	cpu, recall := unknown, unknown
	if here && n > 0 {
		cpu = milliseconds(m.cpu / n)
	}
	if m.of > 0 {
		recall = fmt.Sprintf("%.4f", float64(m.found)/float64(m.of))
	}
	return fmt.Sprintf("%s | %s | %s | %s | %.0f | %s", m.name, milliseconds(percentile(m.times, .5)), milliseconds(percentile(m.times, .99)), cpu,
		float64(n)/max(m.crowd.Seconds(), 1e-9), recall)
}

// totals are the cells of a system as a whole.
func (l *loaded) totals() string {
	cpu, memory, disk := unknown, unknown, unknown
	if l.load.cpu > 0 {
		cpu = seconds(l.load.cpu)
	}
	if l.used.private > 0 {
		memory = mebibytes(l.used.private) + ", " + mebibytes(l.used.mapped)
	}
	if l.disk >= 0 {
		disk = mebibytes(l.disk)
	}
	return fmt.Sprintf("%s, %s | %s | %s |", seconds(l.load.wall), cpu, memory, disk)
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.2f ms", d.Seconds()*1000) }
func seconds(d time.Duration) string      { return fmt.Sprintf("%.1f s", d.Seconds()) }
func mebibytes(n int64) string            { return fmt.Sprintf("%d MiB", (n+1<<19)>>20) }

// machine describes this machine: cores, processor, and the load before the run.
func machine() string {
	processor, load := "", ""
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
				processor = " (" + strings.TrimSpace(value) + ")"
				break
			}
		}
	}
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		one, _, _ := strings.Cut(string(text), " ")
		load = ", load " + one + " before the run"
	}
	return fmt.Sprintf("%d cores%s%s", runtime.NumCPU(), processor, load)
}

// The report is between these lines of a page.
const (
	begins = "<!-- begin: make compare -->\n"
	ends   = "<!-- end: make compare -->\n"
)

// replaced returns the page with the report between the two lines.
func replaced(page, report string) (string, error) {
	before, rest, found := strings.Cut(page, begins)
	_, after, ended := strings.Cut(rest, ends)
	if !found || !ended {
		return "", fmt.Errorf("the page has no lines %q and %q", strings.TrimSpace(begins), strings.TrimSpace(ends))
	}
	return before + begins + report + ends + after, nil
}
