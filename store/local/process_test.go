package local_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

// play starts the test binary in a role and returns its output.
func play(t *testing.T, role, dir string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), roleVariable+"="+role, folderVariable+"="+dir)
	child.Stderr = os.Stderr
	stdin, err := child.StdinPipe() // its end ends the child, should this process die
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		_ = child.Process.Kill()
		_ = child.Wait()
	})
	return child, bufio.NewReader(stdout)
}

func TestSecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	child, out := play(t, "holder", dir)
	if line, err := out.ReadString('\n'); err != nil || line != "open\n" {
		t.Fatalf("the other process said %q, %v", line, err)
	}
	_, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline()})
	if !errors.Is(err, corpus.ErrLocked) || !strings.Contains(err.Error(), strconv.Itoa(child.Process.Pid)) {
		t.Fatalf("got %v, want ErrLocked with the pid %d", err, child.Process.Pid)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	openSmall(t, dir) // a lock without a living holder holds nobody off
	if _, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline()}); !errors.Is(err, corpus.ErrLocked) {
		t.Errorf("twice in one process: got %v, want ErrLocked", err)
	}
}

func holdFolder(dir string) error {
	s, err := local.Open(context.Background(), local.Options{Dir: dir, Pipeline: smallPipeline()})
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Println("open")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// killed makes the profiles of a process that is killed while it writes.
func killed() *scribe { return &scribe{name: "killed", size: 300} }

// The writer says what it begins and what was acknowledged. Its four
// goroutines own documents of their own, so of each document at most one
// write is in doubt when the process is killed.
func writeUntilKilled(dir string) error {
	ctx := context.Background()
	s, err := local.Open(ctx, local.Options{Dir: dir, Pipeline: smallPipeline()})
	if err != nil {
		return err
	}
	if err := createSmall(ctx, s); err != nil {
		return err
	}
	s.KeepProfiles(killed())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	var says sync.Mutex
	say := func(format string, arguments ...any) {
		says.Lock()
		defer says.Unlock()
		fmt.Printf(format+"\n", arguments...)
	}
	for owner := range 4 {
		go func() {
			for {
				id := fmt.Sprintf("w%d/%d", owner, rand.IntN(40))
				var err error
				if rand.IntN(6) == 0 {
					say("begin %s -", id)
					err = s.Delete(ctx, []string{id})
				} else {
					revision, chunks := strconv.FormatUint(rand.Uint64(), 36), rand.IntN(60)
					say("begin %s %s:%d", id, revision, chunks)
					err = s.Put(ctx, []store.Entry{smallEntry(id, revision, chunks)})
				}
				if err != nil {
					fmt.Fprintln(os.Stderr, "write:", err)
					os.Exit(1)
				}
				say("done %s", id)
			}
		}()
	}
	select {}
}

// Nothing acknowledged is lost when the process is killed, at whatever moment,
// and it always starts again.
func TestKillDuringWrites(t *testing.T) {
	rounds, err := strconv.Atoi(os.Getenv("DALIL_KILL_ROUNDS"))
	if err != nil {
		rounds = 4
	}
	dir := t.TempDir()
	acknowledged, doubtful := map[string]string{}, map[string]string{}
	for round := range rounds {
		child, out := play(t, "writer", dir)
		timer := time.AfterFunc(time.Duration(60+rand.IntN(240))*time.Millisecond, func() { _ = child.Process.Kill() })
		writes := 0
		for {
			line, err := out.ReadString('\n')
			if err != nil {
				break // the killed process's last line may be cut
			}
			switch words := strings.Fields(line); words[0] {
			case "begin":
				doubtful[words[1]] = words[2]
			case "done":
				acknowledged[words[1]] = doubtful[words[1]]
				delete(doubtful, words[1])
				writes++
			}
		}
		timer.Stop()
		_ = child.Wait()
		s := openSmall(t, dir)
		passages := 0
		for id, want := range acknowledged {
			got := heldState(t, s, id)
			if maybe, open := doubtful[id]; got != want && (!open || got != maybe) {
				t.Errorf("round %d: %s is %q, acknowledged was %q, begun %q", round, id, got, want, maybe)
			}
			acknowledged[id] = got
			delete(doubtful, id)
		}
		for id, maybe := range doubtful { // never acknowledged at all
			if got := heldState(t, s, id); got != "-" && got != maybe {
				t.Errorf("round %d: %s is %q, begun was %q", round, id, got, maybe)
			} else {
				acknowledged[id] = got
			}
		}
		clear(doubtful)
		for _, state := range acknowledged {
			if _, chunks, ok := strings.Cut(state, ":"); ok {
				n, _ := strconv.Atoi(chunks)
				passages += n
			}
		}
		stats, err := s.Stats(t.Context())
		if err != nil || stats.Passages != passages {
			t.Errorf("round %d: %d passages, %v, the documents have %d", round, stats.Passages, err, passages)
		}
		by := killed()
		s.KeepProfiles(by)
		checkProfiles(t, s, by)
		complete(t, s, by)
		if err := s.Close(); err != nil {
			t.Errorf("round %d: close: %v", round, err)
		}
		t.Logf("round %d: %d acknowledged writes, %d documents, %d passages, %d profiles made again", round, writes, stats.Documents, stats.Passages, by.made.Load())
	}
}

// heldState is "revision:chunks" as listing, search and text agree on it, or
// "-".
func heldState(t *testing.T, s *local.Store, id string) string {
	t.Helper()
	info, err := s.Document(t.Context(), id)
	if errors.Is(err, corpus.ErrNotFound) {
		return "-"
	}
	if err != nil {
		t.Fatal(err)
	}
	found, err := s.Search(t.Context(), []store.ArmQuery{{
		Dense: smallVector(rand.New(rand.NewPCG(1, 1))), Limit: 1000,
		Filter: corpus.Filter{In: &corpus.In{Field: corpus.FieldDocumentID, Values: []string{id}}},
	}})
	if err != nil || len(found[0]) != info.Chunks {
		t.Fatalf("%s: %d passages are found, %v, the document has %d", id, len(found[0]), err, info.Chunks)
	}
	revision := info.Fingerprint // what smallEntry makes it
	var ids []corpus.ChunkID
	for i, h := range found[0] {
		if h.Revision != revision {
			t.Errorf("%s: passage of revision %q, the document is %q", id, h.Revision, revision)
		}
		ids = append(ids, corpus.NewChunkID(id, revision, i))
	}
	if points, err := s.Chunks(t.Context(), ids, store.WithText|store.WithDense); err != nil || len(points) != info.Chunks {
		t.Fatalf("%s: %d texts can be read, %v, the document has %d passages", id, len(points), err, info.Chunks)
	}
	return fmt.Sprintf("%s:%d", revision, info.Chunks)
}
