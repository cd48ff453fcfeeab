package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"dalil/internal/ratio/natural"
)

// indexed is how Dalil's index was made. A file beside the index keeps it for the next
// run.
type indexed struct {
	Version   string
	Passages  int
	Wall, CPU time.Duration
}

// index makes the passages and indexes them, unless an earlier run has done so in the
// same folder.
func (o *options) index(ctx context.Context, text *natural.Sentences, log io.Writer) error {
	source, done := filepath.Join(o.Keep, "passages.jsonl"), filepath.Join(o.Keep, "indexed.json")
	if kept, err := os.ReadFile(done); err == nil && json.Unmarshal(kept, &o.indexed) == nil && o.indexed.Passages == o.Passages {
		fmt.Fprintf(log, "using the index of %d passages in %s\n", o.Passages, o.Keep)
		return nil
	}
	if err := cmp.Or(os.RemoveAll(done), os.RemoveAll(o.data()), text.Write(source, o.Passages)); err != nil {
		return err
	}
	version, err := versionOf(ctx, o.Dalil)
	if err != nil {
		return err
	}
	fmt.Fprintf(log, "indexing %d passages with Dalil\n", o.Passages)
	began := time.Now()
	command := exec.CommandContext(ctx, o.Dalil, "index", "--data", o.data(), source)
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s index: %w\n%s", filepath.Base(o.Dalil), err, out[max(0, len(out)-1000):])
	}
	used := command.ProcessState
	o.indexed = indexed{version, o.Passages, time.Since(began), used.UserTime() + used.SystemTime()}
	kept, err := json.Marshal(o.indexed)
	if err != nil {
		return err
	}
	return os.WriteFile(done, kept, 0o600)
}

// versionOf is the name and version that a program of Dalil prints.
func versionOf(ctx context.Context, program string) (string, error) {
	out, err := exec.CommandContext(ctx, program, "version").Output()
	if err != nil {
		return "", fmt.Errorf("%s version: %w", filepath.Base(program), err)
	}
	name, _, _ := strings.Cut(strings.TrimSpace(string(out)), " (")
	return name, nil
}
