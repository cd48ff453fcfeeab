package main

import (
	"strings"
	"testing"
	"time"
)

func TestMarkdown(t *testing.T) {
	l := &loaded{
		name: "Fake", system: &fake{}, load: cost{12 * time.Second, 3400 * time.Millisecond}, used: usage{private: 10 << 20, mapped: 5 << 20}, disk: 7 << 20,
		ways: []*measured{
			{way: way{name: "dense"}, times: []time.Duration{time.Millisecond, 3 * time.Millisecond}, cpu: 3 * time.Millisecond, crowd: time.Second, found: 19, of: 20},
			{way: way{name: "words"}, times: []time.Duration{2 * time.Millisecond}, crowd: time.Second},
		},
	}
	r := &report{
		date: time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC), machine: "2 cores", passages: 40, questions: 2, exact: 2, text: "real sentences",
		systems: []*loaded{l}, missing: []missing{{"Other", "no address was given"}},
	}
	const want = `Measured on 2026-05-06 on 2 cores: 40 passages (real sentences), 2 questions. Recall is that of the first 2 questions.

| system | question | p50 | p99 | CPU | answers a second, 8 callers | recall@10 | load: time, CPU | memory: private, mapped | disk |
|---|---|---|---|---|---|---|---|---|---|
| Fake | dense | 3.00 ms | 3.00 ms | 1.50 ms | 2 | 0.9500 | 12.0 s, 3.4 s | 10 MiB, 5 MiB | 7 MiB |
|  | words | 2.00 ms | 2.00 ms | 0.00 ms | 1 | – | | | |

- fake: no settings.
- Left out: Other, because no address was given.
`
	if got := r.markdown(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	l.used, l.disk, l.load.cpu = usage{}, -1, 0
	if got := l.totals(); got != "12.0 s, – | – | – |" {
		t.Errorf("a system on another machine has %q", got)
	}
}

func TestReplaced(t *testing.T) {
	got, err := replaced("before\n"+begins+"old\n"+ends+"after\n", "new\n")
	if want := "before\n" + begins + "new\n" + ends + "after\n"; err != nil || got != want {
		t.Errorf("got %q, %v", got, err)
	}
	for _, page := range []string{"", begins, ends + begins, strings.TrimSpace(begins) + ends} {
		if _, err := replaced(page, "new"); err == nil {
			t.Errorf("%q has no section, and no error", page)
		}
	}
}
