package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"

	"dalil/client"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// dalil is a server of the given program, on the folder that indexWith wrote.
type dalil struct {
	program, data, version string
	indexed                cost
	server                 *exec.Cmd
	stop                   func()
	connection             *grpc.ClientConn
	search                 dalilv1.SearchServiceClient
}

// indexWith writes the passages of a file to a new data folder with the given program.
func indexWith(ctx context.Context, program, data, source string) (cost, error) {
	began := time.Now()
	command := exec.CommandContext(ctx, program, "index", "--data", data, source)
	if out, err := command.CombinedOutput(); err != nil {
		return cost{}, fmt.Errorf("%s index: %w\n%s", filepath.Base(program), err, out[max(0, len(out)-1000):])
	}
	used := command.ProcessState
	return cost{wall: time.Since(began), cpu: used.UserTime() + used.SystemTime()}, nil
}

func openDalil(ctx context.Context, o *options) (system, error) {
	version, err := exec.CommandContext(ctx, o.Dalil, "version").Output()
	if err != nil {
		return nil, fmt.Errorf("%s version: %w", o.Dalil, err)
	}
	name, _, _ := strings.Cut(strings.TrimSpace(string(version)), " (")
	return &dalil{program: o.Dalil, data: o.data(), indexed: o.indexed, version: name}, nil
}

// Load starts the server. The passages are there, because their vectors were read from
// its index.
func (d *dalil) Load(ctx context.Context, _ *material) error {
	addresses, err := free(2)
	if err != nil {
		return err
	}
	d.server = exec.Command(d.program, "serve", "--data", d.data, "--listen", addresses[0], "--admin", addresses[1], "--log-level", "warn")
	d.server.Stderr = os.Stderr
	if err := d.server.Start(); err != nil {
		return err
	}
	d.stop = sync.OnceFunc(func() {
		_ = d.server.Process.Signal(os.Interrupt)
		_ = d.server.Wait()
	})
	if d.connection, err = client.Dial(addresses[0], client.Direct()); err != nil {
		return err
	}
	d.search = dalilv1.NewSearchServiceClient(d.connection)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	_, err = d.search.Search(ctx, &dalilv1.SearchRequest{Query: "water"}, client.WaitForReady())
	return err
}

// Loaded is what indexing took, which Load does not do.
func (d *dalil) Loaded() cost { return d.indexed }

func (d *dalil) Ways() []way {
	off := false
	dense, lexical := []dalilv1.Arm{dalilv1.Arm_ARM_DENSE}, []dalilv1.Arm{dalilv1.Arm_ARM_LEXICAL}
	return []way{
		{"default: both, reranked", false, d.asking(nil, nil)},
		{"both, not reranked", false, d.asking(nil, &off)},
		{"dense only", true, d.asking(dense, &off)},
		{"words only", false, d.asking(lexical, &off)},
	}
}

func (d *dalil) asking(arms []dalilv1.Arm, rerank *bool) func(context.Context, *question) ([]hit, error) {
	return func(ctx context.Context, q *question) ([]hit, error) {
		answer, err := d.search.Search(ctx, &dalilv1.SearchRequest{Query: q.text, Arms: arms, Rerank: rerank})
		if err != nil {
			return nil, err
		}
		hits := make([]hit, 0, best)
		for _, p := range answer.GetPassages() {
			id, err := corpus.ParseChunkID(p.GetPassageId())
			if err != nil {
				return nil, err
			}
			hits = append(hits, hit{id, p.GetDocument().GetTitle(), p.GetText()})
		}
		return hits, nil
	}
}

func (d *dalil) Process() int {
	if d.server == nil || d.server.Process == nil {
		return 0
	}
	return d.server.Process.Pid
}

func (d *dalil) Disk(context.Context) int64 { return sizeOf(d.data) }

func (d *dalil) About() string {
	return d.version + ": its default settings and its default view, with marked words, best sentence and snippet. It gets the text of a question and " +
		"embeds it itself. Loading includes parsing, embedding and analysing the passages; the others get vectors that are ready."
}

func (d *dalil) Close() (err error) {
	if d.connection != nil {
		err = d.connection.Close()
	}
	if d.stop != nil {
		d.stop()
	}
	return err
}

// free finds addresses of this machine that no server has.
func free(n int) (addresses []string, err error) {
	for range n {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, listener.Close()) }()
		addresses = append(addresses, listener.Addr().String())
	}
	return addresses, nil
}
