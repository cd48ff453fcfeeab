package main

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"sync"
	"time"

	"google.golang.org/grpc"

	"dalil/client"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// dalil is a server of the given program, on the folder that index wrote.
type dalil struct {
	program, data, version string
	indexed                indexed
	server                 *exec.Cmd
	stop                   func()
	connection             *grpc.ClientConn
	search                 dalilv1.SearchServiceClient
}

func openDalil(ctx context.Context, o *options) (system, error) {
	version, err := versionOf(ctx, o.Dalil)
	return &dalil{program: o.Dalil, data: o.data(), indexed: o.indexed, version: version}, err
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
func (d *dalil) Loaded() cost { return cost{d.indexed.Wall, d.indexed.CPU} }

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
	by := ""
	if d.indexed.Version != d.version {
		by = " (indexed by " + d.indexed.Version + ")"
	}
	return d.version + by + ": its default settings and its default view, with marked words, best sentence and snippet. It gets the text of a question and " +
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
