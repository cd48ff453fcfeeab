package training_test

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/internal/training"
)

var errBad = corpus.Errorf(corpus.ErrInvalid, "400 Bad Request")

// A provider that refuses everything from some call on ends the run, and the
// file holds no refusal: a healthy one is asked for the rest.
func TestARefusalInMidRunIsNotKept(t *testing.T) {
	file, texts := filepath.Join(t.TempDir(), "new", "teacher"), sentences(100)
	broken := newTeacher()
	broken.fail = func(call int64, _ []string) error {
		if call > 3 {
			return errBad
		}
		return nil
	}
	_, err := asked(broken, file).Vectors(t.Context(), texts, 16)
	if !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), "answered before") || broken.calls.Load() > 30 {
		t.Fatalf("after %d calls: %v, want the run to end", broken.calls.Load(), err)
	}
	healthy := newTeacher()
	got, err := asked(healthy, file).Vectors(t.Context(), texts, 16)
	if err != nil || healthy.texts.Load() > 71 {
		t.Fatalf("asked for %d texts, want the 70 that are missing and one to compare; %v", healthy.texts.Load(), err)
	}
	for i, v := range got {
		if v == nil {
			t.Errorf("text %d has no vector", i)
		}
	}
}

// A fault that passes is not a refusal either: the text is asked for once more.
func TestAPassingRefusalIsNotKept(t *testing.T) {
	e := newTeacher()
	e.fail = func(call int64, _ []string) error {
		if call >= 4 && call <= 7 { // a batch of ten and its halves, down to one text
			return errBad
		}
		return nil
	}
	got, err := training.NewAskedTeacher(e, training.AskedOptions{Cache: filepath.Join(t.TempDir(), "teacher"), Batch: 10, Workers: 1}).
		Vectors(t.Context(), sentences(100), 16)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range got {
		if v == nil {
			t.Errorf("text %d has no vector", i)
		}
	}
}

// What was refused is told at every start, and asked for again on request.
func TestRefusedTextsMayBeAskedForAgain(t *testing.T) {
	file, texts := filepath.Join(t.TempDir(), "teacher"), sentences(30)
	strict := newTeacher()
	strict.fail = func(_ int64, some []string) error {
		for _, text := range some {
			if strings.HasPrefix(text, "sentence 7 ") {
				return errBad
			}
		}
		return nil
	}
	if _, err := asked(strict, file).Vectors(t.Context(), texts, 16); err != nil {
		t.Fatal(err)
	}
	for _, again := range []bool{false, true, false} {
		var log bytes.Buffer
		e := newTeacher()
		got, err := training.NewAskedTeacher(e, training.AskedOptions{
			Cache: file, Batch: 10, AskAgain: again, Log: slog.New(slog.NewTextHandler(&log, nil)),
		}).Vectors(t.Context(), texts, 16)
		if err != nil {
			t.Fatal(err)
		}
		warned := strings.Contains(log.String(), "--teacher-ask-again")
		switch {
		case again && (got[7] == nil || warned):
			t.Errorf("asked again: the vector %v, warned: %v", got[7], warned)
		case !again && got[7] == nil && (!warned || e.calls.Load() != 0):
			t.Errorf("%d calls, want none; warned: %v, want it", e.calls.Load(), warned)
		case !again && got[7] != nil && warned:
			t.Error("warned of a text that was answered")
		}
	}
}

// Every batch is in the file before the next one is asked for, so a killed run
// pays for one batch a worker again.
func TestEveryBatchIsKeptAtOnce(t *testing.T) {
	file, texts := filepath.Join(t.TempDir(), "teacher"), sentences(200)
	e := newTeacher()
	e.fail = func(call int64, _ []string) error {
		if info, err := os.Stat(file); err != nil || info.Size() < (call-1)*10*(8+4+64+4) {
			t.Errorf("call %d: %v bytes in the file, want %d records", call, info.Size(), (call-1)*10)
		}
		return nil
	}
	if _, err := training.NewAskedTeacher(e, training.AskedOptions{Cache: file, Batch: 10, Workers: 1}).Vectors(t.Context(), texts, 16); err != nil {
		t.Fatal(err)
	}
}

// A file that holds no answer yet does not stand in the way of another model.
func TestAFileWithoutAnswersIsTakenOver(t *testing.T) {
	file := filepath.Join(t.TempDir(), "teacher")
	failing := newTeacher()
	failing.fail = func(int64, []string) error { return corpus.Errorf(corpus.ErrDenied, "wrong key") }
	if _, err := asked(failing, file).Vectors(t.Context(), sentences(10), 16); !errors.Is(err, corpus.ErrDenied) {
		t.Fatal(err)
	}
	take := func(prefix string) error {
		_, err := training.NewAskedTeacher(newTeacher(), training.AskedOptions{Cache: file, Prefix: prefix}).Vectors(t.Context(), sentences(10), 16)
		return err
	}
	if err := take("other: "); err != nil {
		t.Errorf("a file without answers: %v", err)
	}
	if err := take("third: "); err == nil || strings.Contains(err.Error(), "{") || !strings.Contains(err.Error(), `"other: "`) || !strings.Contains(err.Error(), "--teacher-cache") {
		t.Errorf("a file with answers of another prefix: %v, want both and what to do", err)
	}
}
