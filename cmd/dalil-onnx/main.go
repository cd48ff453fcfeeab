// Command dalil-onnx serves a text encoder with the API of OpenAI's embeddings
// endpoint, on a Unix socket or a loopback address. Run it beside dalil, which is a
// static program and cannot load the shared library of ONNX Runtime itself.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/alecthomas/kong"

	"dalil/cmd/dalil-onnx/encoder"
	"dalil/cmd/dalil-onnx/ort"
	"dalil/cmd/dalil-onnx/protocol"
)

const description = `Serves POST /v1/embeddings from a model in the ONNX format.

  dalil-onnx --library libonnxruntime.so.1.23.2 --model ./all-minilm-l6-v2

The folder must have model.onnx and tokenizer.json. It may have config.json, sentence_bert_config.json and 1_Pooling/config.json. The client puts
prefixes ("query: ") before the texts.`

type cli struct {
	Library        string `required:"" placeholder:"FILE" env:"DALIL_ONNX_LIBRARY" help:"The shared library of ONNX Runtime."`
	Model          string `required:"" placeholder:"DIR" help:"Folder of the model and its tokenizer."`
	File           string `placeholder:"NAME" help:"File of the model, relative to the folder (default: model.onnx or onnx/model.onnx)."`
	Name           string `help:"Name of the model for clients (default: the folder's name)."`
	Listen         string `default:"127.0.0.1:8085" placeholder:"ADDRESS" help:"Address to serve on: a loopback address, or unix:PATH."`
	Pooling        string `default:"auto" enum:"auto,mean,cls" help:"How to combine the token vectors of a text: mean or cls. auto: as the folder's configuration says, or else as the model itself does, or else mean."`
	MaxTokens      int    `help:"Largest number of tokens of a text; a longer text is refused (default: as the folder's configuration says)."`
	MaxBatchTokens int    `default:"4096" help:"Largest number of tokens of one run, padding included."`
	Threads        int    `help:"Number of threads for one run (default: one for each processor)."`
	Parallel       int    `default:"1" help:"Number of requests that are computed at the same time."`
	Waiting        int    `default:"64" help:"Number of further requests that may wait; others get status 429."`
	MaxBody        int64  `default:"8388608" help:"Largest number of bytes of a request."`
	MaxTexts       int    `default:"2048" help:"Largest number of texts of a request."`
	Mixed          bool   `help:"Let texts share a run even if the model chooses its int8 scales from the texts it reads. This is faster, but a text's vector then depends slightly on the other texts."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run runs the program and returns its exit code: 0 is success, 1 a failure, 2 a
// command line that cannot be understood.
func run(ctx context.Context, args []string, out, errors io.Writer) int {
	var c cli
	exited := -1
	parser, err := kong.New(&c, kong.Name("dalil-onnx"), kong.Description(description), kong.Writers(out, errors),
		kong.Exit(func(code int) { exited = code }))
	if err == nil {
		_, err = parser.Parse(args)
	}
	if exited >= 0 {
		return exited
	}
	if err != nil {
		fmt.Fprintln(errors, "dalil-onnx:", err)
		return 2
	}
	if err := c.serve(ctx, slog.New(slog.NewTextHandler(errors, nil))); err != nil {
		fmt.Fprintln(errors, "dalil-onnx:", err)
		return 1
	}
	return 0
}

func (c *cli) serve(ctx context.Context, log *slog.Logger) error {
	listener, err := listen(c.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	library, err := ort.Open(c.Library)
	if err != nil {
		return err
	}
	e, session, err := c.open(ctx, library)
	if err != nil {
		return err
	}
	defer session.Close()
	if c.Name == "" {
		whole, err := filepath.Abs(c.Model)
		if err != nil {
			return err
		}
		c.Name = filepath.Base(whole)
	}
	log.Info("serving", "address", listener.Addr().String(), "model", c.Name, "dimensions", e.Width(), "max_tokens", e.MaxTokens(),
		"how", e.How(), "onnxruntime", library.Version())
	defer func() { log.Info("stopped") }()
	return serve(ctx, listener, protocol.New(e, protocol.Options{
		Model: c.Name, Parallel: c.Parallel, Waiting: c.Waiting, RequestBytes: c.MaxBody, Texts: c.MaxTexts, Log: log,
	}))
}

func (c *cli) open(ctx context.Context, library *ort.Library) (*encoder.Encoder, *ort.Session, error) {
	folder, err := encoder.Read(c.Model, c.File)
	if err != nil {
		return nil, nil, err
	}
	options := encoder.Options{Pooling: folder.Pooling, MaxTokens: folder.MaxTokens, BatchTokens: c.MaxBatchTokens, Alone: folder.Dynamic && !c.Mixed}
	switch c.Pooling {
	case "mean":
		options.Pooling = encoder.Mean
	case "cls":
		options.Pooling = encoder.CLS
	}
	switch {
	case c.MaxTokens > 0:
		options.MaxTokens = c.MaxTokens
	case options.MaxTokens <= 0:
		return nil, nil, fmt.Errorf("%s does not say how many tokens the model reads: give --max-tokens", c.Model)
	}
	threads := c.Threads
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	session, err := library.OpenSession(folder.File, threads)
	if err != nil {
		return nil, nil, err
	}
	e, err := encoder.New(ctx, session, folder.Words, options)
	if err != nil {
		session.Close()
		return nil, nil, fmt.Errorf("%s: %w", folder.File, err)
	}
	return e, session, nil
}
