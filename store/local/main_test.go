package local_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

// The test binary plays other parts when it is started with a role: a second
// process is the only honest way to try locks, kills and memory.
const (
	roleVariable   = "DALIL_TEST_ROLE"
	folderVariable = "DALIL_TEST_FOLDER"
)

func TestMain(m *testing.M) {
	roles := map[string]func(dir string) error{"memory": measureMemory, "holder": holdFolder, "writer": writeUntilKilled, "migrator": migrateUntilKilled}
	if role, wanted := os.LookupEnv(roleVariable); wanted {
		if err := roles[role](os.Getenv(folderVariable)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	if bench.dir != "" && bench.dir != os.Getenv("DALIL_BENCH_FOLDER") {
		os.RemoveAll(bench.dir)
	}
	os.Exit(code)
}

// measureMemory prints the mebibytes that the system holds for this process
// after a thousand questions.
func measureMemory(dir string) error {
	ctx := context.Background()
	s, err := local.Open(ctx, local.Options{Dir: dir, Pipeline: benchPipeline()})
	if err != nil {
		return err
	}
	defer s.Close()
	g := newGenerator(96)
	for range 1000 {
		found, err := s.Search(ctx, g.question())
		if err != nil {
			return err
		}
		var ids []corpus.ChunkID
		for _, h := range found[0][:10] {
			ids = append(ids, h.ID)
		}
		if _, err := s.Chunks(ctx, ids, store.WithText|store.WithDocument); err != nil {
			return err
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "VmRSS:" {
			kib, err := strconv.Atoi(fields[1])
			fmt.Printf("%.1f\n", float64(kib)/1024)
			return err
		}
	}
	return fmt.Errorf("the system does not tell")
}
