package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/rpc"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"

	"dalil/corpus"
)

// bleves is a process of this program that serves a Bleve index with net/rpc, so that it
// is measured like the other servers.
type bleves struct {
	dir    string
	server *exec.Cmd
	stop   func()
	client *rpc.Client
}

// serveBleve is the name of the command that the process runs.
const serveBleve = "serve-bleve"

func openBleve(_ context.Context, o *options) (system, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	b := &bleves{dir: filepath.Join(o.Keep, "bleve")}
	if err := os.RemoveAll(b.dir); err != nil {
		return nil, err
	}
	b.server = exec.Command(self, serveBleve, b.dir)
	b.server.Stderr = os.Stderr
	input, err := b.server.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := b.server.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := b.server.Start(); err != nil {
		return nil, err
	}
	b.stop = sync.OnceFunc(func() { // the process ends when its input does
		_ = input.Close()
		_, _ = io.Copy(io.Discard, output)
		_ = b.server.Wait()
	})
	var address string
	if _, err := fmt.Fscanln(output, &address); err != nil {
		b.stop()
		return nil, fmt.Errorf("the server of Bleve did not start: %w", err)
	}
	if b.client, err = rpc.Dial("tcp", address); err != nil {
		b.stop()
		return nil, err
	}
	return b, nil
}

func (b *bleves) Load(_ context.Context, m *material) error {
	const batch = 1000
	for from := 0; from < len(m.passages); from += batch {
		var texts []Text
		for _, p := range m.passages[from:min(from+batch, len(m.passages))] {
			texts = append(texts, Text{ID: hex.EncodeToString(p.id[:]), Title: p.title, Text: p.text, Arabic: p.arabic})
		}
		if err := b.client.Call("Words.Put", texts, &struct{}{}); err != nil {
			return err
		}
	}
	return nil
}

func (b *bleves) Ways() []way {
	return []way{{"words only", false, func(ctx context.Context, q *question) ([]hit, error) {
		var texts []Text
		call := b.client.Go("Words.Search", Asked{Text: q.text, Arabic: q.arabic}, &texts, make(chan *rpc.Call, 1))
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case done := <-call.Done:
			if done.Error != nil {
				return nil, done.Error
			}
		}
		hits := make([]hit, len(texts))
		for i, t := range texts {
			id, err := hex.DecodeString(t.ID)
			if err != nil || len(id) != len(corpus.ChunkID{}) {
				return nil, fmt.Errorf("the answer of Bleve has the id %q", t.ID)
			}
			hits[i] = hit{corpus.ChunkID(id), t.Title, t.Text}
		}
		return hits, nil
	}}}
}

func (b *bleves) Process() int { return b.server.Process.Pid }

func (b *bleves) Disk(context.Context) int64 { return sizeOf(b.dir) }

func (b *bleves) About() string {
	version := "of an unknown version"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if strings.HasPrefix(module.Path, "github.com/blevesearch/bleve/") {
				version = module.Version
			}
		}
	}
	return "Bleve " + version + ", a Go library, behind a server with net/rpc and one connection: BM25, its analyzers for English and Arabic, each text by the " +
		"language of its letters; a question finds passages in its own language only."
}

func (b *bleves) Close() error {
	err := b.client.Close()
	b.stop()
	return errors.Join(err, os.RemoveAll(b.dir))
}
