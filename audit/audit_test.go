package audit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/audit"
	"dalil/corpus"
)

func open(t *testing.T, path string, o audit.Options) *audit.Log {
	t.Helper()
	l, err := audit.Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// read returns the records of a file; torn counts lines that are none.
func read(t *testing.T, path string) (records []audit.Record, torn int) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(raw) {
		var r audit.Record
		if json.Unmarshal(line, &r) != nil {
			torn++
			continue
		}
		records = append(records, r)
	}
	return records, torn
}

func TestWritesOfManyCallersAreWholeLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	for _, flush := range []time.Duration{0, time.Hour} {
		l := open(t, path, audit.Options{Flush: flush})
		var group sync.WaitGroup
		for i := range 50 {
			group.Go(func() {
				if err := l.Write(audit.Record{Event: audit.Begin, Documents: []string{fmt.Sprintf("d%d", i)}}); err != nil {
					t.Error(err)
				}
				l.Post(audit.Record{Event: audit.End})
			})
		}
		group.Wait()
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
	records, torn := read(t, path)
	if len(records) != 200 || torn != 0 {
		t.Errorf("the file has %d records and %d other lines, want 200 and 0", len(records), torn)
	}
	for _, r := range records {
		if r.Time.IsZero() {
			t.Error("a record has no time")
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("the file has mode %v, want 0600", mode)
	}
}

func TestARotatedFileIsOpenedAgain(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "audit.jsonl")
	l := open(t, path, audit.Options{})
	for i := range 3 {
		if err := l.Write(audit.Record{Event: audit.Begin, Subject: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path, fmt.Sprintf("%s.%d", path, i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Write(audit.Record{Event: audit.Begin, Subject: "3"}); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{path + ".0", path + ".1", path + ".2", path} {
		if records, _ := read(t, name); len(records) != 1 || records[0].Subject != fmt.Sprint(i) {
			t.Errorf("%s has %+v, want the record %d", filepath.Base(name), records, i)
		}
	}
}

func TestAnIncompleteLineStaysAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	if err := os.WriteFile(path, []byte(`{"event":"begin","time":"2026-01-01T00:00:00Z"}`+"\n"+`{"event":"be`), 0o600); err != nil {
		t.Fatal(err)
	}
	l := open(t, path, audit.Options{})
	if err := l.Write(audit.Record{Event: audit.Begin, Subject: "after"}); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	records, torn := read(t, path)
	if len(records) != 3 || torn != 1 || records[1].Event != audit.Resumed || records[2].Subject != "after" {
		t.Errorf("got %+v and %d incomplete lines", records, torn)
	}
}

func TestWhatCannotBeWrittenIsReportedAndWrittenLater(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "logs")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "audit.jsonl")
	var failures atomic.Int32
	resumed := make(chan struct{}, 100)
	l := open(t, path, audit.Options{Observe: func(_ int, err error) {
		if err != nil {
			failures.Add(1)
			return
		}
		resumed <- struct{}{}
	}})
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	err := l.Write(audit.Record{Event: audit.Begin, Subject: "refused"})
	if !errors.Is(err, corpus.ErrUnavailable) || !strings.Contains(err.Error(), "audit log") {
		t.Errorf("got %v, want an error that says that the log cannot be written", err)
	}
	if l.Err() == nil {
		t.Error("the log does not report that it cannot be written")
	}
	l.Post(audit.Record{Event: audit.End, Subject: "kept"})
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	<-resumed // it tries again by itself
	if err := l.Err(); err != nil {
		t.Error(err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	records, _ := read(t, path)
	if len(records) != 2 || records[0].Event != audit.Resumed || records[0].Since.IsZero() || records[1].Subject != "kept" {
		t.Errorf("got %+v, want that the log resumed, and the record that was kept", records)
	}
	if failures.Load() == 0 {
		t.Error("the failure was not observed")
	}
}

func TestOpenRefusesWhatIsNoFile(t *testing.T) {
	folder := t.TempDir()
	for _, path := range []string{folder, filepath.Join(folder, "missing", "audit.jsonl")} {
		if l, err := audit.Open(path, audit.Options{}); err == nil {
			l.Close()
			t.Errorf("%s was opened", path)
		}
	}
}

func TestAFloodOfRefusalsIsSummedUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	synctest.Test(t, func(t *testing.T) {
		l := open(t, path, audit.Options{Summary: time.Minute})
		for range 3 {
			for i := range 30_000 {
				address := fmt.Sprintf("10.0.%d.%d", i/250%200, i%250)
				l.Refuse(address, false, audit.Record{Peer: address, Method: "/m", Outcome: "Unauthenticated"})
			}
			for range 500 {
				l.Refuse("chatbot", true, audit.Record{Principal: "chatbot", Outcome: "PermissionDenied"})
			}
			time.Sleep(time.Minute + time.Second)
			synctest.Wait()
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	records, _ := read(t, path)
	counts := map[string]int{}
	lines := map[string]int{}
	for _, r := range records {
		counts[r.Outcome] += r.Refusals
		lines[r.Outcome]++
		if r.Event != audit.Refused {
			t.Errorf("got the event %q", r.Event)
		}
	}
	if counts["Unauthenticated"] != 90_000 || counts["PermissionDenied"] != 1500 {
		t.Errorf("the records count %v refusals, want 90000 and 1500", counts)
	}
	if lines["Unauthenticated"] > 3*201 || lines["PermissionDenied"] != 6 {
		t.Errorf("the refusals have %v lines, want at most 603 and 6", lines)
	}
}

// A flood of harmless refusals does not hide another cause of the same address, or
// another method of the same caller.
func TestSummariesKeepCausesAndMethodsApart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	synctest.Test(t, func(t *testing.T) {
		l := open(t, path, audit.Options{Summary: time.Minute})
		for range 50 {
			l.Refuse("10.0.0.1", false, audit.Record{Peer: "10.0.0.1", Method: "/m", Outcome: "Unauthenticated", Subject: "missing"})
			l.Refuse("10.0.0.1", false, audit.Record{Peer: "10.0.0.1", Method: "/m", Outcome: "Unauthenticated", Subject: "revoked"})
			l.Refuse("bot", true, audit.Record{Principal: "bot", Method: "/Search", Outcome: "PermissionDenied", Subject: "scope"})
			l.Refuse("bot", true, audit.Record{Principal: "bot", Method: "/DeleteTenant", Outcome: "PermissionDenied", Subject: "scope"})
		}
		for i := range 1000 {
			l.Refuse("many", true, audit.Record{Principal: "many", Method: fmt.Sprint("/", i), Outcome: "PermissionDenied"})
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	records, _ := read(t, path)
	got := map[string]int{}
	lines := 0
	for _, r := range records {
		if r.Principal == "many" {
			lines++
			got["many"] += r.Refusals
			continue
		}
		if r.Principal == "" { // of strangers, methods are counted together
			r.Method = ""
		}
		got[r.Peer+r.Principal+r.Method+" "+r.Subject] += r.Refusals
	}
	want := map[string]int{"10.0.0.1 missing": 50, "10.0.0.1 revoked": 50, "bot/Search scope": 50, "bot/DeleteTenant scope": 50, "many": 1000}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("refusals (-want +got):\n%s", diff)
	}
	if lines > 40 {
		t.Errorf("a caller of many methods has %d lines", lines)
	}
}

func TestFloodedLogKeepsCountOfWhatIsLost(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "logs")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "audit.jsonl")
	l := open(t, path, audit.Options{})
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if l.Write(audit.Record{Event: audit.Begin}) == nil {
		t.Fatal("a record was written without a folder")
	}
	for range 10_050 {
		l.Post(audit.Record{Event: audit.End})
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	records, _ := read(t, path)
	kept, lost := 0, 0
	for _, r := range records {
		if lost += r.Lost; r.Event == audit.End {
			kept++
		}
	}
	if kept != 10_000 || lost != 50 {
		t.Errorf("the file has %d records and counts %d as lost, want 10000 and 50", kept, lost)
	}
}
