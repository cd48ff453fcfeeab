package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/store/qdrant/standin"
)

// An export of nothing is a failure, and a backup of before stays.
func TestAnExportOfNothingReplacesNoFile(t *testing.T) {
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "backup.jsonl")
	const line = `{"id":"one","text":"A text."}` + "\n"
	if code, _, errs := dalil(t, data, line, nil, "index", "-"); code != 0 {
		t.Fatal(errs)
	}
	if code, _, errs := dalil(t, data, "", nil, "export", file); code != 0 {
		t.Fatal(errs)
	}
	before, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(before), "A text.") {
		t.Fatalf("the export holds %q, %v", before, err)
	}
	server := standin.Start(t, standin.Options{})
	qdrant := []string{"--set", "store.name=qdrant", "--set", "store.address=" + server.Address()}
	dalilOnQdrant := func(stdin string, args ...string) (int, string) {
		code, out, errs := dalil(t, "", stdin, nil, append(args, qdrant...)...)
		return code, out + errs
	}
	if code, said := dalilOnQdrant(line, "index", "-"); code != 0 {
		t.Fatal(said)
	}
	client := rawClient(t, server.Address())
	if _, err := client.Delete(t.Context(), &sdk.DeletePoints{ // all documents, past Dalil
		CollectionName: "dalil", Wait: sdk.PtrOf(true),
		Points: sdk.NewPointsSelectorFilter(&sdk.Filter{Must: []*sdk.Condition{sdk.NewMatchKeyword("kind", "document")}}),
	}); err != nil {
		t.Fatal(err)
	}
	for what, export := range map[string]func() (int, string){
		"an empty folder": func() (int, string) {
			code, out, errs := dalil(t, t.TempDir(), "", nil, "export", file)
			return code, out + errs
		},
		"an empty collection": func() (int, string) { return dalilOnQdrant("", "export", file) },
	} {
		if code, said := export(); code != 1 {
			t.Errorf("export of %s: exit code %d, %s", what, code, said)
		}
		if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
			t.Errorf("export of %s: the file of before holds %q, %v", what, after, err)
		}
	}
}

func rawClient(t *testing.T, address string) *sdk.Client {
	t.Helper()
	port, err := strconv.Atoi(address[strings.LastIndexByte(address, ':')+1:])
	if err != nil {
		t.Fatal(err)
	}
	client, err := sdk.NewClient(&sdk.Config{Host: "127.0.0.1", Port: port, SkipCompatibilityCheck: true, PoolSize: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

// An error about a file names it as the caller did, and not the file that is
// written beside it first.
func TestAFileThatCannotBeWrittenIsNamedAsGiven(t *testing.T) {
	data := t.TempDir()
	dalil(t, data, "", hashed, "index", "../../seeds")
	path := filepath.Join(t.TempDir(), "missing", "x.tar")
	for _, args := range [][]string{{"backup", "create", path}, {"export", path}} {
		if code, _, errs := dalil(t, data, "", hashed, args...); code != 1 || !strings.Contains(errs, path+":") {
			t.Errorf("%v: exit status %d, %s", args, code, errs)
		}
	}
}
