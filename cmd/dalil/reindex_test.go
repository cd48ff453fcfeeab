package main

import (
	"strings"
	"testing"

	"dalil/store/qdrant/standin"
)

// A server takes all steps from one collection to the next, and the terminal
// shows how far it is.
func TestReindexOnAServer(t *testing.T) {
	flags := []string{"--set", "store.name=qdrant", "--set", "store.address=" + standin.Start(t, standin.Options{}).Address(), "--set", "store.poll=50ms"}
	if code, _, errs := dalil(t, t.TempDir(), "", nil, append(flags, "index", "../../seeds")...); code != 0 {
		t.Fatalf("index: %d\n%s", code, errs)
	}
	address := serving(t, flags...)
	reindex := func(args ...string) (out, errs string) {
		t.Helper()
		code, out, errs := dalil(t, "", "", nil, append([]string{"reindex", "--server", address}, args...)...)
		if code != 0 {
			t.Fatalf("%v: exit code %d\n%s%s", args, code, out, errs)
		}
		return out, errs
	}
	out, errs := reindex("rebuild")
	if !strings.Contains(out, ": 5 indexed, 0 unchanged, 0 failed, 0 deleted\n") || !strings.Contains(errs, "rebuild: 5 of 5\n") {
		t.Errorf("rebuild:\n%s%s", out, errs)
	}
	name, _, _ := strings.Cut(out, ":")
	if out, _ := reindex("compare"); !strings.Contains(out, "overlap@10 1.000") {
		t.Errorf("compare:\n%s", out)
	}
	if out, errs := reindex("activate"); out != name+" is active\n" || !strings.Contains(errs, "carry over late writes\n") {
		t.Errorf("activate:\n%s%s", out, errs)
	}
	if out, _ := reindex("status"); !strings.Contains(out, "*  "+name) {
		t.Errorf("status:\n%s", out)
	}
	if out, _ := reindex("rollback"); !strings.HasSuffix(out, " is active again\n") {
		t.Errorf("rollback:\n%s", out)
	}
	if out, _ := reindex("drop", "--grace", "0s", name); out != name+" is deleted\n" {
		t.Errorf("drop:\n%s", out)
	}
	code, out, errs := dalil(t, "", "", nil, "reindex", "--server", address, "activate", "no-such")
	if code != 1 || strings.Count(errs, "dalil: ") != 1 || !strings.Contains(errs, "no-such") {
		t.Errorf("a collection that is not there: %d\n%s%s", code, out, errs)
	}
}

// An activation by force says what it leaves behind, on a server and without one.
func TestActivateByForceSaysWhatItLeavesBehind(t *testing.T) {
	flags := []string{"--set", "store.name=qdrant", "--set", "store.address=" + standin.Start(t, standin.Options{}).Address(), "--set", "store.poll=20ms", "--set", "embedder.name=hash"}
	run := func(stdin string, args ...string) (out, errs string) {
		t.Helper()
		code, out, errs := dalil(t, t.TempDir(), stdin, nil, append(flags, args...)...)
		if code != 0 {
			t.Fatalf("%v: exit code %d\n%s%s", args, code, out, errs)
		}
		return out, errs
	}
	run("", "index", "../../seeds")
	before, _ := run("", "reindex", "status")
	before, _, _ = strings.Cut(before[strings.Index(before, "*  ")+3:], " ")
	address := serving(t, flags...)
	for where, args := range map[string][]string{"here": nil, "server": {"--server", address}} {
		run("", "index", "--rebuild")
		run(`{"id":"`+where+`","text":"Written since."}`, "index", "-")
		code, _, errs := dalil(t, t.TempDir(), "", nil, append(append(flags, "reindex"), append(args, "activate", "--force")...)...)
		if code != 0 || !strings.Contains(errs, "warning: only in the previous collection "+before+": 1 documents missing") || !strings.Contains(errs, "dalil reindex rollback") {
			t.Errorf("%s: %d\n%s", where, code, errs)
		}
		run("", "reindex", "rollback")
	}
}
